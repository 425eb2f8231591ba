/// The authenticated originator of a request, with the directory's present record of its subject.
package struct Principal: Hashable, Sendable {
    package let profile: Profile
    /// The method of authentication, for the audit log; `nil` for the service itself.
    package let authentication: String?
    /// The IP address that the request came from; `nil` if it is not known.
    package let source: String?
    /// The id of the request, for the logs. Empty if there is none.
    package let requestID: String
    /// The approval that the request uses; `nil` if it names none.
    package let approval: ApprovalID?

    package init(
        profile: Profile, authentication: String? = nil, source: String? = nil, requestID: String = "",
        approval: ApprovalID? = nil
    ) {
        self.profile = profile
        self.authentication = authentication
        self.source = source
        self.requestID = requestID
        self.approval = approval
    }

    package var subject: SubjectID { profile.subject }
    package var kind: PrincipalKind { profile.kind }
    package var isAdministrator: Bool { profile.isAdministrator }
    package var groups: Set<GroupID> { profile.groups }
    package var roles: RoleGrants { profile.roles }
    /// The only project for which the credential is valid; `nil` if it is valid for all.
    package var scope: ProjectID? { profile.scope }
}

/// The directory's record of a subject: its own roles and those of its groups together.
///
/// The object is immutable, because all requests of the subject share it.
package final class Profile: Sendable {
    package let subject: SubjectID
    package let kind: PrincipalKind
    package let isAdministrator: Bool
    package let groups: Set<GroupID>
    package let roles: RoleGrants
    /// The only project for which the subject was presented, because its credential is valid for no other; `nil` if it was
    /// presented for all.
    package let scope: ProjectID?

    package init(
        subject: SubjectID, kind: PrincipalKind, isAdministrator: Bool = false, groups: Set<GroupID> = [],
        roles: RoleGrants = .none, scope: ProjectID? = nil
    ) {
        self.subject = subject
        self.kind = kind
        self.isAdministrator = isAdministrator
        self.groups = groups
        self.roles = roles
        self.scope = scope
    }
}

extension Profile: Hashable {
    package static func == (lhs: Profile, rhs: Profile) -> Bool {
        lhs === rhs
            || lhs.subject == rhs.subject && lhs.kind == rhs.kind && lhs.isAdministrator == rhs.isAdministrator
                && lhs.groups == rhs.groups && lhs.roles == rhs.roles && lhs.scope == rhs.scope
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(subject) }
}

extension Profile {
    /// Returns the profile restricted to one project: it has no roles elsewhere, and no administrator's rights.
    func restricted(to project: ProjectID) -> Profile {
        Profile(
            subject: subject, kind: kind, groups: groups,
            roles: RoleGrants(roles[project].map { [project: $0] } ?? [:]), scope: project)
    }
}

/// The kind of a principal.
package enum PrincipalKind: Hashable, Sendable {
    case subject(SubjectKind)
    /// The service itself, when a task is due.
    case system

    package var service: ServiceName? {
        if case .subject(let kind) = self { kind.service } else { nil }
    }
}
