/// The role that a subject or group has in a project.
package struct RoleAssignment: Hashable, Sendable {
    package let holder: RoleHolder
    package let role: Role

    package init(holder: RoleHolder, role: Role) {
        self.holder = holder
        self.role = role
    }
}

extension KeyService {
    /// Returns the roles in a project: groups, then subjects, each sorted by name. For the project's Managers and for
    /// administrators.
    ///
    /// It reads the whole directory, so it is for interactive use, not for programs that call it often.
    package func listRoles(in project: ProjectID, by principal: Principal) async throws(KMSError) -> [RoleAssignment] {
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
