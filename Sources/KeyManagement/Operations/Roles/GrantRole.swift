extension KeyService {
    /// Grants a role in a project, which replaces the present one.
    package func grantRole(
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
}
