/// A named logical key, without its material: that is in its versions.
public struct KeyRecord: Hashable, Sendable {
    public let id: KeyID
    public let project: ProjectID
    /// Not sealed: what decides is the id.
    public var name: KeyName
    /// Not sealed.
    public var description: KeyDescription
    public let algorithm: KeyAlgorithm
    public let origin: KeyOrigin
    public var availability: KeyAvailability
    public var versions: VersionLedger
    /// 1 when the key is new, and one more with each change of anything. A change names the revision that it was made
    /// from; when another came first, it is a conflict.
    public var revision: UInt64
    public let createdAt: Timestamp
    public var changedAt: Timestamp

    public init(
        id: KeyID, project: ProjectID, name: KeyName, description: KeyDescription, algorithm: KeyAlgorithm,
        origin: KeyOrigin, availability: KeyAvailability, versions: VersionLedger, revision: UInt64,
        createdAt: Timestamp, changedAt: Timestamp
    ) {
        self.id = id
        self.project = project
        self.name = name
        self.description = description
        self.algorithm = algorithm
        self.origin = origin
        self.availability = availability
        self.versions = versions
        self.revision = revision
        self.createdAt = createdAt
        self.changedAt = changedAt
    }

    public var state: KeyState { versions.keyState }

    /// Marks a change at `now`.
    mutating func touch(at now: Timestamp) {
        revision += 1
        changedAt = now
    }
}

extension KeyRecord: Sealable {
    public var sealedName: String { "key \(id)" }

    public var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: "hsm-kms/seal/key/1")
        encoding.append(1, project.text)
        encoding.append(2, id.bytes)
        encoding.append(3, algorithm.rawValue)
        encoding.append(4, algorithm.usage.rawValue)
        encoding.append(5, origin.rawValue)
        encoding.append(6, availability.rawValue)
        encoding.append(7, revision)
        encoding.append(8, versions.encoded)
        encoding.append(9, createdAt.milliseconds)
        encoding.append(10, changedAt.milliseconds)
        return encoding.bytes
    }
}
