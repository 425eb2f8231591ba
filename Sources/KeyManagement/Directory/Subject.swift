/// The kind of a subject.
package enum SubjectKind: Hashable, Sendable {
    /// A person.
    case user
    /// A program of a user.
    case serviceAccount
    /// A service that uses a key of its own in each project.
    case serviceAgent(ServiceName)

    package var name: String {
        switch self {
        case .user: "user"
        case .serviceAccount: "serviceAccount"
        case .serviceAgent: "serviceAgent"
        }
    }

    package static let names = ["user", "serviceAccount", "serviceAgent"]

    package var service: ServiceName? {
        if case .serviceAgent(let service) = self { service } else { nil }
    }
}

/// A subject, with its own roles and the groups whose roles it also has.
package struct SubjectRecord: DirectoryRecord {
    package let id: SubjectID
    package let subjectKind: SubjectKind
    package var description: KeyDescription
    package var status: DirectoryStatus
    /// True for a platform administrator, who manages projects, subjects, roles and credentials. The role itself grants no use
    /// of keys.
    package var isAdministrator: Bool
    package var groups: Set<GroupID>
    package var roles: RoleGrants
    package var revision: UInt64
    package let createdAt: Timestamp
    package var changedAt: Timestamp

    /// The maximum number of groups of one subject.
    package static let maxGroups = 256

    package static let kind = DirectoryKind.subject
    package var key: String { id.text }
    package var parent: String { "" }

    package init(
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

    package var canonicalBytes: [UInt8] {
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

    package init?(canonical bytes: [UInt8]) {
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
