/// The authenticated originator of a request, with the directory's present record of its subject.
public struct Principal: Hashable, Sendable {
    public let profile: Profile
    /// The method of authentication, for the audit log; `nil` for the service itself.
    public let authentication: String?
    /// The IP address that the request came from; `nil` if it is not known.
    public let source: String?
    /// The id of the request, for the logs. Empty if there is none.
    public let requestID: String
    /// The approval that the request uses; `nil` if it names none.
    public let approval: ApprovalID?

    public init(
        profile: Profile, authentication: String? = nil, source: String? = nil, requestID: String = "",
        approval: ApprovalID? = nil
    ) {
        self.profile = profile
        self.authentication = authentication
        self.source = source
        self.requestID = requestID
        self.approval = approval
    }

    public var subject: SubjectID { profile.subject }
    public var kind: PrincipalKind { profile.kind }
    public var isAdministrator: Bool { profile.isAdministrator }
    public var groups: Set<GroupID> { profile.groups }
    public var roles: RoleGrants { profile.roles }
    /// The only project for which the credential is valid; `nil` if it is valid for all.
    public var scope: ProjectID? { profile.scope }
}

/// The directory's record of a subject: its own roles and those of its groups together.
///
/// The object is immutable, because all requests of the subject share it.
public final class Profile: Sendable {
    public let subject: SubjectID
    public let kind: PrincipalKind
    public let isAdministrator: Bool
    public let groups: Set<GroupID>
    public let roles: RoleGrants
    /// The only project for which the subject was presented, because its credential is valid for no other; `nil` if it was
    /// presented for all.
    public let scope: ProjectID?

    public init(
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
    public static func == (lhs: Profile, rhs: Profile) -> Bool {
        lhs === rhs
            || lhs.subject == rhs.subject && lhs.kind == rhs.kind && lhs.isAdministrator == rhs.isAdministrator
                && lhs.groups == rhs.groups && lhs.roles == rhs.roles && lhs.scope == rhs.scope
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(subject) }
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
public enum PrincipalKind: Hashable, Sendable {
    case subject(SubjectKind)
    /// The service itself, when a task is due.
    case system

    public var service: ServiceName? {
        if case .subject(let kind) = self { kind.service } else { nil }
    }
}
