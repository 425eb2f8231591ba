/// What is known of the roots of an epoch: when they were made, and when they were destroyed.
public struct RootRecord: DirectoryRecord {
    public let epoch: RootEpoch
    /// 32 bytes that only the epoch's integrity key can make.
    public let checkValue: [UInt8]
    /// When the service learnt of it.
    public let madeAt: Timestamp
    /// Since when the store takes nothing under it any more.
    public var closedAt: Timestamp?
    /// When the token had destroyed it.
    public var destroyedAt: Timestamp?
    public var revision: UInt64
    public var changedAt: Timestamp

    public static let kind = DirectoryKind.root
    public var key: String { epoch.description }
    public var parent: String { "" }

    public init(epoch: RootEpoch, checkValue: [UInt8], at now: Timestamp) {
        self.epoch = epoch
        self.checkValue = checkValue
        madeAt = now
        revision = 1
        changedAt = now
    }

    public var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.domain)
        encoding.append(1, epoch.number)
        encoding.append(2, checkValue)
        encoding.append(3, madeAt.milliseconds)
        if let closedAt { encoding.append(4, closedAt.milliseconds) }
        if let destroyedAt { encoding.append(5, destroyedAt.milliseconds) }
        encoding.append(6, revision)
        encoding.append(7, changedAt.milliseconds)
        return encoding.bytes
    }

    public init?(canonical bytes: [UInt8]) {
        guard let reader = CanonicalReader(bytes, domain: Self.domain),
            let epoch = reader.number(1).flatMap({ RootEpoch($0) }), let checkValue = reader.bytes(2),
            let madeAt = reader.time(3), let revision: UInt64 = reader.number(6), let changedAt = reader.time(7)
        else { return nil }
        self.epoch = epoch
        self.checkValue = checkValue
        self.madeAt = madeAt
        closedAt = reader.time(4)
        destroyedAt = reader.time(5)
        self.revision = revision
        self.changedAt = changedAt
    }

    private static let domain = "hsm-kms/seal/root/1"
}

extension RootRecord: RevisedRecord {}
