extension KeyService {
    /// Revokes a role. A subject without a role remains the owner of its keys in the project, but cannot use them.
    package func revokeRole(in project: ProjectID, from holder: RoleHolder, by principal: Principal)
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
}
