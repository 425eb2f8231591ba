/// The kind of a subject.
public enum SubjectKind: Hashable, Sendable {
    /// A person.
    case user
    /// A program of a user.
    case serviceAccount
    /// A service that uses a key of its own in each project.
    case serviceAgent(ServiceName)

    public var name: String {
        switch self {
        case .user: "user"
        case .serviceAccount: "serviceAccount"
        case .serviceAgent: "serviceAgent"
        }
    }

    public static let names = ["user", "serviceAccount", "serviceAgent"]

    public var service: ServiceName? {
        if case .serviceAgent(let service) = self { service } else { nil }
    }
}

/// A subject, with its own roles and the groups whose roles it also has.
public struct SubjectRecord: DirectoryRecord {
    public let id: SubjectID
    public let subjectKind: SubjectKind
    public var description: KeyDescription
    public var status: DirectoryStatus
    /// True for a platform administrator, who manages projects, subjects, roles and credentials. The role itself grants no use
    /// of keys.
    public var isAdministrator: Bool
    public var groups: Set<GroupID>
    public var roles: RoleGrants
    public var revision: UInt64
    public let createdAt: Timestamp
    public var changedAt: Timestamp

    /// The maximum number of groups of one subject.
    public static let mostGroups = 256

    public static let kind = DirectoryKind.subject
    public var key: String { id.text }
    public var parent: String { "" }

    public init(
        id: SubjectID, kind: SubjectKind, description: KeyDescription = .none, isAdministrator: Bool = false,
        roles: RoleGrants = .none, at now: Timestamp
    ) {
        self.id = id
        subjectKind = kind
        self.description = description
        status = .enabled
        self.isAdministrator = isAdministrator
        groups = []
        self.roles = roles
        revision = 1
        createdAt = now
        changedAt = now
    }

    public var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.domain)
        encoding.append(1, id.text)
        encoding.append(2, subjectKind.name)
        if let service = subjectKind.service { encoding.append(3, service.text) }
        encoding.append(4, description.text)
        encoding.append(5, status.rawValue)
        encoding.append(6, UInt8(isAdministrator ? 1 : 0))
        for group in groups.sorted() { encoding.append(7, group.text) }
        for grant in roles.texts { encoding.append(8, grant) }
        encoding.append(9, revision)
        encoding.append(10, createdAt.milliseconds)
        encoding.append(11, changedAt.milliseconds)
        return encoding.bytes
    }

    public init?(canonical bytes: [UInt8]) {
        guard let reader = CanonicalReader(bytes, domain: Self.domain),
            let id = reader.text(1).flatMap({ try? SubjectID($0) }),
            let kind = Self.kind(reader.text(2), service: reader.text(3)),
            let description = reader.text(4).flatMap({ try? KeyDescription($0) }),
            let status = reader.text(5).flatMap({ DirectoryStatus(rawValue: $0) }),
            let flag: UInt8 = reader.number(6), flag <= 1, let groups = Self.groups(reader.texts(7)),
            let roles = reader.texts(8).flatMap({ RoleGrants(texts: $0) }), let revision: UInt64 = reader.number(9),
            let createdAt = reader.time(10), let changedAt = reader.time(11)
        else { return nil }
        self.id = id
        subjectKind = kind
        self.description = description
        self.status = status
        isAdministrator = flag == 1
        self.groups = groups
        self.roles = roles
        self.revision = revision
        self.createdAt = createdAt
        self.changedAt = changedAt
    }

    private static func kind(_ name: String?, service: String?) -> SubjectKind? {
        switch (name, service) {
        case ("user", nil): .user
        case ("serviceAccount", nil): .serviceAccount
        case ("serviceAgent", let text?): (try? ServiceName(text)).map { .serviceAgent($0) }
        default: nil
        }
    }

    private static func groups(_ texts: [String]?) -> Set<GroupID>? {
        guard let texts else { return nil }
        let groups = texts.compactMap { try? GroupID($0) }
        return groups.count == texts.count ? Set(groups) : nil
    }

    private static let domain = "hsm-kms/seal/subject/1"
}
