/// How many uses of a version were reserved so far. Sealed, because it decides when the version has to be rotated.
public struct UsageRecord: Hashable, Sendable, Sealable {
    public let version: VersionID
    /// 0 is never stored.
    public let reserved: UInt64

    public init(version: VersionID, reserved: UInt64) {
        self.version = version
        self.reserved = reserved
    }

    public var sealedName: String { "the usage of \(version)" }

    public var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: "hsm-kms/seal/usage/1")
        encoding.append(1, version.key.bytes)
        encoding.append(2, version.number.value)
        encoding.append(3, reserved)
        return encoding.bytes
    }
}

/// What a version was used for on one day (UTC). For people who ask what would stop working: not exact to the last use when a
/// process dies, and not sealed.
public struct DailyUse: Hashable, Sendable {
    public let version: VersionID
    /// Days since 1970-01-01.
    public let day: Int64
    /// Encryptions, data keys, signatures, MACs.
    public var produced: UInt64
    /// Decryptions, verified MACs.
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
    /// Nil when there was no use in these days.
    public var lastAt: Timestamp?

    public static let none = UsageSummary(produced: 0, consumed: 0, lastAt: nil)
    public static let days = 90

    public init(produced: UInt64, consumed: UInt64, lastAt: Timestamp?) {
        self.produced = produced
        self.consumed = consumed
        self.lastAt = lastAt
    }
}
