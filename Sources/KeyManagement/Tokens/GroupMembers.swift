/// The tokens of a group: which is next in turn, and which are skipped for a while.
///
/// A plain state machine that reads no clock.
struct GroupMembers {
    private struct Member {
        let opened: TokenGroup.OpenToken
        /// The time until which the token is skipped.
        var restsUntil: ContinuousClock.Instant?
    }

    private var members: [Member]
    private var turns = 0

    init(_ opened: [TokenGroup.OpenToken]) {
        members = opened.map { Member(opened: $0) }
    }

    /// The time for which a token is skipped after it could not be used.
    private static let rest = Duration.seconds(1)

    var count: Int { members.count }
    var first: (any Token)? { members.first?.opened.token }
    var all: [any Token] { members.map(\.opened.token) }

    mutating func append(_ opened: TokenGroup.OpenToken) { members.append(Member(opened: opened)) }

    mutating func removeAll() -> [TokenGroup.OpenToken] {
        defer { members = [] }
        return members.map(\.opened)
    }

    /// Returns the tokens in the order in which a call tries them: the next in turn first, resting ones last.
    mutating func turn(at now: ContinuousClock.Instant) -> [(number: Int, token: any Token)] {
        guard !members.isEmpty else { return [] }
        turns = (turns + 1) % members.count
        let order = members.indices.map { ($0 + turns) % members.count }
        let rested = order.filter { isAwake($0, at: now) }
        let resting = order.filter { !isAwake($0, at: now) }
        return (rested + resting).map { ($0, members[$0].opened.token) }
    }

    /// Notes that a token could not be used.
    mutating func failed(_ number: Int, _ error: TokenError, at now: ContinuousClock.Instant) {
        guard members.indices.contains(number), case .unavailable = error else { return }
        members[number].restsUntil = now + Self.rest
    }

    private func isAwake(_ number: Int, at now: ContinuousClock.Instant) -> Bool {
        members[number].restsUntil.map { $0 <= now } ?? true
    }
}
