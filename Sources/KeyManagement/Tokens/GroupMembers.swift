/// The tokens of a group: whose turn it is, and who is passed over for a while.
///
/// A plain machine that reads no clock.
struct GroupMembers {
    private struct Member {
        let opened: TokenGroup.Opened
        /// Passed over until then.
        var restsUntil: ContinuousClock.Instant?
    }

    private var members: [Member]
    private var turns = 0

    init(_ opened: [TokenGroup.Opened]) {
        members = opened.map { Member(opened: $0) }
    }

    /// How long a token is passed over that could not be used.
    private static let rest = Duration.seconds(1)

    var count: Int { members.count }
    var first: (any Token)? { members.first?.opened.token }
    var all: [any Token] { members.map(\.opened.token) }

    mutating func append(_ opened: TokenGroup.Opened) { members.append(Member(opened: opened)) }

    mutating func removeAll() -> [TokenGroup.Opened] {
        defer { members = [] }
        return members.map(\.opened)
    }

    /// The tokens in the order in which a call tries them: the next in turn first, those that rest last.
    mutating func turn(at now: ContinuousClock.Instant) -> [(number: Int, token: any Token)] {
        guard !members.isEmpty else { return [] }
        turns = (turns + 1) % members.count
        let order = members.indices.map { ($0 + turns) % members.count }
        let rested = order.filter { isAwake($0, at: now) }
        let resting = order.filter { !isAwake($0, at: now) }
        return (rested + resting).map { ($0, members[$0].opened.token) }
    }

    /// A token could not be used.
    mutating func failed(_ number: Int, _ error: TokenError, at now: ContinuousClock.Instant) {
        guard members.indices.contains(number), case .unavailable = error else { return }
        members[number].restsUntil = now + Self.rest
    }

    private func isAwake(_ number: Int, at now: ContinuousClock.Instant) -> Bool {
        members[number].restsUntil.map { $0 <= now } ?? true
    }
}
