/// The number of reserved uses of a version. It is sealed, because it decides when the version must be rotated.
public struct UsageRecord: Hashable, Sendable, Sealable {
    public let version: VersionID
    /// The number of reserved uses; 0 is never stored.
    public let reserved: UInt64

    public init(version: VersionID, reserved: UInt64) {
        self.version = version
        self.reserved = reserved
    }

    public var sealedName: String { "the usage of \(version)" }

    /// The domain of the canonical form.
    static let sealDomain = "hsm-kms/seal/usage/1"

    public var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.sealDomain)
        encoding.append(1, version.key.bytes)
        encoding.append(2, version.number.value)
        encoding.append(3, reserved)
        return encoding.bytes
    }
}

/// The uses of a version on one day (UTC). They inform people about the effects of a change.
///
/// They are not sealed, and a crash can lose the latest uses.
public struct DailyUse: Hashable, Sendable {
    public let version: VersionID
    /// The day, counted from 1970-01-01.
    public let day: Int64
    /// The number of encryptions, data keys, signatures and MACs.
    public var produced: UInt64
    /// The number of decryptions and verified MACs.
    public var consumed: UInt64
    public var lastAt: Timestamp

    public init(version: VersionID, day: Int64, produced: UInt64, consumed: UInt64, lastAt: Timestamp) {
        self.version = version
        self.day = day
        self.produced = produced
        self.consumed = consumed
        self.lastAt = lastAt
    }
}

/// The uses of a version in the last 90 days.
public struct UsageSummary: Hashable, Sendable {
    public var produced: UInt64
    public var consumed: UInt64
    /// The time of the last use; `nil` if there was none in these days.
    public var lastAt: Timestamp?

    public static let none = UsageSummary(produced: 0, consumed: 0, lastAt: nil)
    public static let days = 90

    public init(produced: UInt64, consumed: UInt64, lastAt: Timestamp?) {
        self.produced = produced
        self.consumed = consumed
        self.lastAt = lastAt
    }
}
