public import KeyManagement

extension Caller {
    /// A caller who has one role in one project, and is nothing else.
    public init(subject: SubjectID, project: ProjectID, role: Role?, requestID: String = "") {
        let roles = RoleGrants(role.map { [project: $0] } ?? [:])
        let profile = Profile(subject: subject, kind: .subject(.user), roles: roles)
        self.init(Principal(profile: profile, requestID: requestID), in: project)
    }
}
