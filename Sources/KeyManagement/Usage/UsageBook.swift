/// What is known of the uses of versions: how many are left of those reserved, and what was counted and not stored yet.
///
/// A plain value that does no I/O: ``UsageMeters`` owns it.
struct UsageBook {
    typealias Round = Task<Result<[StateStep], KMSError>, Never>

    /// What became of a wish for uses.
    enum Taking: Hashable {
        case taken(isWorn: Bool)
        /// Another block has to be reserved first.
        case empty
        case exhausted
    }

    /// A class, so that a use changes it in its place; touched by the book only, whose owner guards it.
    private final class Meter {
        /// Reserved and not taken yet.
        var left: UInt64 = 0
        /// Reserved in the store, as far as it is known.
        var reserved: UInt64 = 0
        var isExhausted = false
        /// That the version is worn was said already.
        var hasToldWear = false
        var use: DailyUse

        init(use: DailyUse) {
            self.use = use
        }
    }

    private var meters: LeastRecentlyUsed<VersionID, Meter>
    /// Counts that have no meter any more, because its place was needed or its day is over.
    private var loose: [DailyUse] = []
    /// Who waits for a block in the next round.
    private var waiting: Set<VersionID> = []
    /// The round that takes up those who wait; it has not begun.
    private var next: Round?
    /// The round under way, or the last one.
    private var current: Round?
    private let mostLoose: Int

    init(capacity: Int) {
        meters = LeastRecentlyUsed(capacity: capacity)
        mostLoose = 4 * capacity
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

    /// How many uses the store had reserved when it was asked last; it never has fewer.
    mutating func reserved(of version: VersionID) -> UInt64 { meters.use(version)?.reserved ?? 0 }

    mutating func fill(_ version: VersionID, from: UInt64, to end: UInt64) {
        guard let meter = meters.use(version) else { return }
        meter.left += end - from
        meter.reserved = end
    }

    mutating func exhaust(_ version: VersionID) {
        meters.use(version)?.isExhausted = true
    }

    /// Waits in the next round, which `start` makes when there is none yet; it begins when the one before it is over.
    mutating func join(_ version: VersionID, start: (Round?) -> Round) -> Round {
        waiting.insert(version)
        if let next { return next }
        let round = start(current)
        next = round
        return round
    }

    /// Who is served by the round that begins now.
    mutating func beginRound() -> [VersionID] {
        defer { waiting = [] }
        current = next
        next = nil
        return Array(waiting)
    }

    /// What was counted since the last time.
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

    /// Counts are for people: when the store takes none for very long, the newest are let go rather than memory filled.
    private mutating func keep(_ use: DailyUse) {
        guard use.produced > 0 || use.consumed > 0, loose.count < mostLoose else { return }
        loose.append(use)
    }
}
