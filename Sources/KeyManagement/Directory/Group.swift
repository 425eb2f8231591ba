/// A group of subjects. Its members get its roles, and the access to keys that list it.
///
/// Each member's own record states the membership.
package struct GroupRecord: DirectoryRecord {
    package let id: GroupID
    package var description: KeyDescription
    package var status: DirectoryStatus
    package var roles: RoleGrants
    package var revision: UInt64
    package let createdAt: Timestamp
    package var changedAt: Timestamp

    package static let kind = DirectoryKind.group
    package var key: String { id.text }
    package var parent: String { "" }

    package init(id: GroupID, description: KeyDescription, at now: Timestamp) {
        self.id = id
        self.description = description
        status = .enabled
        roles = .none
        revision = 1
        createdAt = now
        changedAt = now
    }

    package var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.domain)
        encoding.append(1, id.text)
        encoding.append(2, description.text)
        encoding.append(3, status.rawValue)
        for grant in roles.texts { encoding.append(4, grant) }
        encoding.append(5, revision)
        encoding.append(6, createdAt.milliseconds)
        encoding.append(7, changedAt.milliseconds)
        return encoding.bytes
    }

    package init?(canonical bytes: [UInt8]) {
        guard let reader = CanonicalReader(bytes, domain: Self.domain),
            let id = reader.text(1).flatMap({ try? GroupID($0) }),
            let description = reader.text(2).flatMap({ try? KeyDescription($0) }),
            let status = reader.text(3).flatMap({ DirectoryStatus(rawValue: $0) }),
            let roles = reader.texts(4).flatMap({ RoleGrants(texts: $0) }), let revision: UInt64 = reader.number(5),
            let createdAt = reader.time(6), let changedAt = reader.time(7)
        else { return nil }
        self.id = id
        self.description = description
        self.status = status
        self.roles = roles
        self.revision = revision
        self.createdAt = createdAt
        self.changedAt = changedAt
    }

    private static let domain = "hsm-kms/seal/group/1"
}
