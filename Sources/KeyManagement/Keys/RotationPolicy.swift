/// The period of automatic rotation, in days: 1 to 2,560, which is what AWS KMS allows. The native API accepts up to 1,095.
package struct RotationPeriod: Hashable, Sendable {
    package let days: Int

    package static let standard = RotationPeriod(known: 365)
    package static let maxDays = 2560
    /// The maximum period that the native API accepts.
    package static let maxNativeDays = 1095

    /// Creates a period.
    ///
    /// - Parameters:
    ///   - days: the number of days.
    ///   - max: the maximum number of days.
    /// - Throws: ``KMSError/invalidRequest(_:)`` unless `days` is 1 to `longest`.
    package init(days: Int, max: Int = Self.maxDays) throws(KMSError) {
        guard (1...max).contains(days) else {
            throw .invalidRequest("the rotation period is 1 to \(max) days, not \(days)")
        }
        self.days = days
    }

    private init(known days: Int) { self.days = days }
}

/// The automatic rotation of a key: its period and the next due time.
package struct RotationSchedule: Hashable, Sendable {
    package let period: RotationPeriod
    /// The next due time: always midnight, UTC.
    package let dueAt: Timestamp

    package init(period: RotationPeriod, dueAt: Timestamp) {
        self.period = period
        self.dueAt = dueAt
    }
}

/// The rules of scheduled rotation. No other code decides when a scheduled rotation is due.
///
/// A rotation is due at 00:00 UTC of the day that is one period after the last rotation, manual or automatic. A key that was
/// due while the service was down is rotated once, not once per missed period. Its next period starts at that rotation.
package enum RotationPolicy {
    /// Returns the schedule of a key that is rotated, or begins to be, at `moment`.
    package static func schedule(every period: RotationPeriod, from moment: Timestamp) -> RotationSchedule {
        RotationSchedule(period: period, dueAt: moment.midnight.adding(days: period.days))
    }

    /// Returns true if a key must be rotated now. It must have an active version and generated material; a disabled key waits
    /// until it is enabled.
    package static func isDue(_ key: KeyRecord, at now: Timestamp) -> Bool {
        guard let rotation = key.rotation, rotation.dueAt <= now else { return false }
        return key.state == .active && key.availability == .enabled && key.origin == .generated
    }
}

extension Timestamp {
    private static let day: Int64 = 86_400_000

    /// The time 00:00 UTC of the same day.
    package var midnight: Timestamp {
        let intoTheDay = milliseconds % Self.day
        return Timestamp(milliseconds: milliseconds - (intoTheDay < 0 ? intoTheDay + Self.day : intoTheDay))
    }

    package func adding(days: Int) -> Timestamp {
        Timestamp(milliseconds: milliseconds + Int64(days) * Self.day)
    }

    package func adding(_ duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(milliseconds: milliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    /// The number of days since 1970-01-01, UTC.
    package var dayNumber: Int64 { midnight.milliseconds / Self.day }
}
