/// After how many days a key is rotated by itself: 1 to 2,560, which is what AWS KMS allows; the native API takes up to 1,095.
public struct RotationPeriod: Hashable, Sendable {
    public let days: Int

    public static let standard = RotationPeriod(known: 365)
    public static let longest = 2560
    /// The longest that the native API takes.
    public static let longestNative = 1095

    /// - Parameter longest: how many days there may be.
    /// - Throws: ``KMSError/invalidRequest(_:)`` unless `days` is 1 to `longest`.
    public init(days: Int, longest: Int = Self.longest) throws(KMSError) {
        guard (1...longest).contains(days) else {
            throw .invalidRequest("the rotation period is 1 to \(longest) days, not \(days)")
        }
        self.days = days
    }

    private init(known days: Int) { self.days = days }
}

/// That a key is rotated by itself, and when next.
public struct RotationSchedule: Hashable, Sendable {
    public let period: RotationPeriod
    /// Always a midnight, UTC.
    public let dueAt: Timestamp

    public init(period: RotationPeriod, dueAt: Timestamp) {
        self.period = period
        self.dueAt = dueAt
    }
}

/// When keys are rotated. Nothing else in the service decides it.
///
/// A rotation is due at 00:00 UTC of the day that is a period after the last one, whoever made that. A key that was due while
/// nobody looked is rotated once, and its next rotation is counted from then: not once for every period that was missed.
public enum RotationPolicy {
    /// The schedule of a key that is rotated, or begins to be, at `moment`.
    public static func schedule(every period: RotationPeriod, from moment: Timestamp) -> RotationSchedule {
        RotationSchedule(period: period, dueAt: moment.midnight.adding(days: period.days))
    }

    /// Whether a key is to be rotated now. Only a key that has an active version is; a disabled one waits until it is enabled.
    public static func isDue(_ key: KeyRecord, at now: Timestamp) -> Bool {
        guard let rotation = key.rotation, rotation.dueAt <= now else { return false }
        return key.state == .active && key.availability == .enabled && key.origin == .generated
    }
}

extension Timestamp {
    private static let day: Int64 = 86_400_000

    /// 00:00 UTC of the same day.
    public var midnight: Timestamp {
        let intoTheDay = milliseconds % Self.day
        return Timestamp(milliseconds: milliseconds - (intoTheDay < 0 ? intoTheDay + Self.day : intoTheDay))
    }

    public func adding(days: Int) -> Timestamp {
        Timestamp(milliseconds: milliseconds + Int64(days) * Self.day)
    }

    public func adding(_ duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(milliseconds: milliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    /// Days since 1970-01-01, UTC.
    public var dayNumber: Int64 { midnight.milliseconds / Self.day }
}
