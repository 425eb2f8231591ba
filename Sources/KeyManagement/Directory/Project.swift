/// A container of keys.
package struct ProjectRecord: DirectoryRecord {
    package let id: ProjectID
    package var description: KeyDescription
    package var status: DirectoryStatus
    /// The location for AWS clients; `nil` for an earlier project until one is set. It never changes afterwards.
    package var location: ProjectLocation?
    package var revision: UInt64
    package let createdAt: Timestamp
    package var changedAt: Timestamp

    package static let kind = DirectoryKind.project
    package var key: String { id.text }
    package var parent: String { "" }

    package init(id: ProjectID, description: KeyDescription, location: ProjectLocation? = nil, at now: Timestamp) {
        self.id = id
        self.description = description
        self.location = location
        status = .enabled
        revision = 1
        createdAt = now
        changedAt = now
    }

    package var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.domain)
        encoding.append(1, id.text)
        encoding.append(2, description.text)
        encoding.append(3, status.rawValue)
        encoding.append(4, revision)
        encoding.append(5, createdAt.milliseconds)
        encoding.append(6, changedAt.milliseconds)
        if let location {
            encoding.append(7, location.account.text)
            encoding.append(8, location.region.text)
        }
        return encoding.bytes
    }

    package init?(canonical bytes: [UInt8]) {
        guard let reader = CanonicalReader(bytes, domain: Self.domain),
            let id = reader.text(1).flatMap({ try? ProjectID($0) }),
            let description = reader.text(2).flatMap({ try? KeyDescription($0) }),
            let status = reader.text(3).flatMap({ DirectoryStatus(rawValue: $0) }),
            let revision: UInt64 = reader.number(4), let createdAt = reader.time(5), let changedAt = reader.time(6)
        else { return nil }
        self.id = id
        self.description = description
        self.status = status
        switch (reader.text(7), reader.text(8)) {
        case (nil, nil): location = nil
        case (let account?, let region?):
            guard let account = try? AccountNumber(account), let region = try? Region(region) else { return nil }
            location = ProjectLocation(account: account, region: region)
        default: return nil
        }
        self.revision = revision
        self.createdAt = createdAt
        self.changedAt = changedAt
    }

    private static let domain = "hsm-kms/seal/project/1"
}
