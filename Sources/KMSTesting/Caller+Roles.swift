package import KeyManagement

extension Caller {
    /// Creates a caller with one role in one project and no other rights.
    package init(subject: SubjectID, project: ProjectID, role: Role?, requestID: String = "") {
        let roles = RoleGrants(role.map { [project: $0] } ?? [:])
        let profile = Profile(subject: subject, kind: .subject(.user), roles: roles)
        self.init(Principal(profile: profile, requestID: requestID), in: project)
    }
}
