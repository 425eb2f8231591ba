/// The number of reserved uses of a version. It is sealed, because it decides when the version must be rotated.
package struct UsageRecord: Hashable, Sendable, Sealable {
    package let version: VersionID
    /// The number of reserved uses; 0 is never stored.
    package let reserved: UInt64

    package init(version: VersionID, reserved: UInt64) {
        self.version = version
        self.reserved = reserved
    }

    package var sealedName: String { "the usage of \(version)" }

    /// The domain of the canonical form.
    static let sealDomain = "hsm-kms/seal/usage/1"

    package var canonicalBytes: [UInt8] {
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
package struct DailyUse: Hashable, Sendable {
    package let version: VersionID
    /// The day, counted from 1970-01-01.
    package let day: Int64
    /// The number of encryptions, data keys, signatures and MACs.
    package var produced: UInt64
    /// The number of decryptions and verified MACs.
    package var consumed: UInt64
    package var lastAt: Timestamp

    package init(version: VersionID, day: Int64, produced: UInt64, consumed: UInt64, lastAt: Timestamp) {
        self.version = version
        self.day = day
        self.produced = produced
        self.consumed = consumed
        self.lastAt = lastAt
    }
}

/// The uses of a version in the last 90 days.
package struct UsageSummary: Hashable, Sendable {
    package var produced: UInt64
    package var consumed: UInt64
    /// The time of the last use; `nil` if there was none in these days.
    package var lastAt: Timestamp?

    package static let none = UsageSummary(produced: 0, consumed: 0, lastAt: nil)
    package static let days = 90

    package init(produced: UInt64, consumed: UInt64, lastAt: Timestamp?) {
        self.produced = produced
        self.consumed = consumed
        self.lastAt = lastAt
    }
}
