import Caching

/// The usage counts of versions: the reserved uses that are left, and the counts that are not stored yet.
///
/// A plain value that does no I/O: ``UsageMeters`` owns it.
struct UsageLedger {
    typealias Round = Task<Result<[StateStep], KMSError>, Never>

    /// The outcome of a request for uses.
    enum Taking: Hashable {
        case taken(isWorn: Bool)
        /// Another block must be reserved first.
        case empty
        case exhausted
    }

    /// The meter of one version. A class, so that a use changes it in place; only the book accesses it, and the book's owner
    /// guards it.
    private final class Meter {
        /// The uses that are reserved and not taken yet.
        var left: UInt64 = 0
        /// The uses that are reserved in the store, as far as known.
        var reserved: UInt64 = 0
        var isExhausted = false
        /// True if it was already reported that the version nears its limit.
        var hasToldWear = false
        var use: DailyUse

        init(use: DailyUse) {
            self.use = use
        }
    }

    private var meters: LeastRecentlyUsed<VersionID, Meter>
    /// The counts without a meter, because its place was needed or its day is over.
    private var loose: [DailyUse] = []
    /// The versions that wait for a block in the next round.
    private var waiting: Set<VersionID> = []
    /// The next round, which serves the waiting versions and has not begun.
    private var next: Round?
    /// The current round, or the last one.
    private var current: Round?
    private let maxLooseCount: Int

    init(capacity: Int) {
        meters = LeastRecentlyUsed(capacity: capacity)
        maxLooseCount = 4 * capacity
    }

    mutating func take(_ count: UInt64, of version: VersionID, at now: Timestamp, limit: UsageLimit) -> Taking {
        let meter = meter(of: version, at: now)
        guard meter.left >= count else {
            return meter.isExhausted ? .exhausted : .empty
        }
        meter.left -= count
        meter.use.produced += count
        meter.use.lastAt = now
        let isWorn = meter.reserved >= limit.rotateFrom && !meter.hasToldWear
        if isWorn { meter.hasToldWear = true }
        return .taken(isWorn: isWorn)
    }

    mutating func count(produced: UInt64, consumed: UInt64, of version: VersionID, at now: Timestamp) {
        let meter = meter(of: version, at: now)
        meter.use.produced += produced
        meter.use.consumed += consumed
        meter.use.lastAt = now
    }

    /// Returns the number of uses that the store had reserved when last read; it never decreases.
    mutating func reserved(of version: VersionID) -> UInt64 { meters.use(version)?.reserved ?? 0 }

    mutating func fill(_ version: VersionID, from: UInt64, to end: UInt64) {
        guard let meter = meters.use(version) else { return }
        meter.left += end - from
        meter.reserved = end
    }

    mutating func exhaust(_ version: VersionID) {
        meters.use(version)?.isExhausted = true
    }

    /// Joins the next round, which `start` creates if necessary. It begins when the previous one is over.
    mutating func join(_ version: VersionID, start: (Round?) -> Round) -> Round {
        waiting.insert(version)
        if let next { return next }
        let round = start(current)
        next = round
        return round
    }

    /// Begins a round, and returns the versions that it serves.
    mutating func beginRound() -> [VersionID] {
        defer { waiting = [] }
        current = next
        next = nil
        return Array(waiting)
    }

    /// Returns the counts since the last call.
    mutating func takeUses() -> [DailyUse] {
        var uses = loose
        loose = []
        for meter in meters.values {
            guard meter.use.produced > 0 || meter.use.consumed > 0 else { continue }
            uses.append(meter.use)
            meter.use.produced = 0
            meter.use.consumed = 0
        }
        return uses
    }

    mutating func putBack(_ uses: [DailyUse]) {
        for use in uses { keep(use) }
    }

    private mutating func meter(of version: VersionID, at now: Timestamp) -> Meter {
        let day = now.dayNumber
        guard let meter = meters.use(version) else {
            let meter = Meter(use: DailyUse(version: version, day: day, produced: 0, consumed: 0, lastAt: now))
            if let leaving = meters.insert(meter, for: version) { keep(leaving.use) }
            return meter
        }
        if meter.use.day != day {
            keep(meter.use)
            meter.use = DailyUse(version: version, day: day, produced: 0, consumed: 0, lastAt: now)
        }
        return meter
    }

    /// Keeps a count for a later attempt. If the store accepts none for very long, the newest are dropped to bound the memory,
    /// because counts are informative only.
    private mutating func keep(_ use: DailyUse) {
        guard use.produced > 0 || use.consumed > 0, loose.count < maxLooseCount else { return }
        loose.append(use)
    }
}
