/// The record of the roots of an epoch: the times at which they were made, closed and destroyed.
package struct RootRecord: DirectoryRecord {
    package let epoch: RootEpoch
    /// A value of 32 bytes that only the epoch's integrity key can make.
    package let checkValue: [UInt8]
    /// The time at which the service first saw them.
    package let madeAt: Timestamp
    /// The time since when the store accepts no record under them.
    package var closedAt: Timestamp?
    /// The time at which the token had destroyed them.
    package var destroyedAt: Timestamp?
    package var revision: UInt64
    package var changedAt: Timestamp

    package static let kind = DirectoryKind.root
    package var key: String { epoch.description }
    package var parent: String { "" }

    package init(epoch: RootEpoch, checkValue: [UInt8], at now: Timestamp) {
        self.epoch = epoch
        self.checkValue = checkValue
        madeAt = now
        revision = 1
        changedAt = now
    }

    package var canonicalBytes: [UInt8] {
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

    package init?(canonical bytes: [UInt8]) {
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
