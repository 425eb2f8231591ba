/// Who asks, once authenticated: what the directory says of a subject at this moment.
public struct Principal: Hashable, Sendable {
    public let profile: Profile
    /// How the subject was authenticated, for the audit log; nil for the service itself.
    public let authentication: String?
    /// The IP address that asks; nil when it is not known.
    public let source: String?
    /// The id of the request, for the logs. Empty when there is none.
    public let requestID: String
    /// By which approval the request is done; nil when it names none.
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
    /// The only project for which the credential is good; `nil` for one that is good for all.
    public var scope: ProjectID? { profile.scope }
}

/// What the directory says of a subject: its own roles and those of its groups together.
///
/// An object that never changes, because every request of the subject refers to the same.
public final class Profile: Sendable {
    public let subject: SubjectID
    public let kind: PrincipalKind
    public let isAdministrator: Bool
    public let groups: Set<GroupID>
    public let roles: RoleGrants
    /// The only project for which the subject was presented, because its credential is good for no other; `nil` when it was presented for
    /// all.
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
    /// The same as far as one project goes: a credential for it gives nothing elsewhere, and no administration.
    func restricted(to project: ProjectID) -> Profile {
        Profile(
            subject: subject, kind: kind, groups: groups,
            roles: RoleGrants(roles[project].map { [project: $0] } ?? [:]), scope: project)
    }
}

/// What acts.
public enum PrincipalKind: Hashable, Sendable {
    case subject(SubjectKind)
    /// The service itself, when something is due.
    case system

    public var service: ServiceName? {
        if case .subject(let kind) = self { kind.service } else { nil }
    }
}
