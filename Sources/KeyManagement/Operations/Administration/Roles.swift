/// The holder of a role.
public enum RoleHolder: Hashable, Sendable {
    case subject(SubjectID)
    case group(GroupID)
}

/// The role that a subject or group has in a project.
public struct RoleAssignment: Hashable, Sendable {
    public let holder: RoleHolder
    public let role: Role

    public init(holder: RoleHolder, role: Role) {
        self.holder = holder
        self.role = role
    }
}

extension KeyService {
    /// Grants a role in a project, which replaces the present one.
    public func grantRole(
        _ role: Role, in project: ProjectID, to holder: RoleHolder, by principal: Principal
    ) async throws(KMSError) {
        let details = ["change": "grant", "role": role.rawValue]
        switch holder {
        case .subject(let id):
            _ = try await changeSubject(
                id, .changeRole, in: project, details, by: principal,
                requiring: { () throws(KMSError) in _ = try await knownProject(project) }
            ) { (subject) throws(KMSError) in
                guard subject.roles[project] != role else { return false }
                try subject.roles.grant(role, in: project)
                return true
            }
        case .group(let id):
            _ = try await changeGroup(
                id, .changeRole, in: project, details, by: principal,
                requiring: { () throws(KMSError) in _ = try await knownProject(project) }
            ) { (group) throws(KMSError) in
                guard group.roles[project] != role else { return false }
                try group.roles.grant(role, in: project)
                return true
            }
        }
    }

    /// Revokes a role. A subject without a role remains the owner of its keys in the project, but cannot use them.
    public func revokeRole(in project: ProjectID, from holder: RoleHolder, by principal: Principal)
        async throws(KMSError)
    {
        switch holder {
        case .subject(let id):
            _ = try await changeSubject(id, .changeRole, in: project, ["change": "revoke"], by: principal) {
                $0.roles.revoke(in: project)
            }
        case .group(let id):
            _ = try await changeGroup(id, .changeRole, in: project, ["change": "revoke"], by: principal) {
                $0.roles.revoke(in: project)
            }
        }
    }

    /// Returns the roles in a project: groups, then subjects, each sorted by name. For the project's Managers and for
    /// administrators.
    ///
    /// It reads the whole directory, so it is for interactive use, not for programs that call it often.
    public func listRoles(in project: ProjectID, by principal: Principal) async throws(KMSError) -> [RoleAssignment] {
        try await withAudit(.listRoles, by: principal, in: project) { (_) throws(KMSError) in
            _ = try await knownProject(project)
            var found: [RoleAssignment] = []
            try await eachRecord(GroupRecord.self) { group in
                guard group.status == .enabled, let role = group.roles[project] else { return }
                found.append(RoleAssignment(holder: .group(group.id), role: role))
            }
            try await eachRecord(SubjectRecord.self) { subject in
                guard subject.status != .deleted, let role = subject.roles[project] else { return }
                found.append(RoleAssignment(holder: .subject(subject.id), role: role))
            }
            return found
        }
    }
}
