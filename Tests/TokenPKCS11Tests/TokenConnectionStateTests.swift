import Testing

@testable import TokenPKCS11

/// The state machine of the token's connection, without a token and without a clock.
@Suite struct TokenConnectionStateTests {
    private final class Connection: Sendable {}

    private let start = ContinuousClock.now

    private typealias State = TokenConnectionState<Connection>

    private func suspects(_ connection: Connection, in state: inout State) -> Bool { state.suspect(connection) }
    private func succeeds(_ connection: Connection, in state: inout State) -> Bool { state.succeed(connection) }

    private func nextAttempt(_ state: State) -> ContinuousClock.Instant? {
        if case .down(_, let next) = state.condition { next } else { nil }
    }

    @Test func `a suspicion is news once, and concerns the present connection only`() {
        let connection = Connection()
        var state = TokenConnectionState(connection)
        #expect(suspects(connection, in: &state))
        #expect(!suspects(connection, in: &state))
        #expect(!suspects(Connection(), in: &state))
        state.clear()
        #expect(suspects(connection, in: &state))
    }

    @Test func `a lost connection is tried at once, then after growing pauses of two seconds at most`() throws {
        let connection = Connection()
        var state = TokenConnectionState(connection)
        state.lose(connection, reason: "gone", at: start)
        #expect(nextAttempt(state) == start)
        var pauses: [Duration] = []
        for _ in 0..<8 {
            state.fail("not yet", isFinal: false, at: start)
            pauses.append(try #require(nextAttempt(state)) - start)
        }
        for (pause, least) in zip(pauses, [50, 100, 200, 400, 800, 1000, 1000, 1000]) {
            #expect(pause >= .milliseconds(least) && pause <= .milliseconds(min(2 * least, 2000)), "\(pauses)")
        }
        #expect(succeeds(Connection(), in: &state))
        #expect(nextAttempt(state) == nil)
    }

    @Test func `a new loss begins with short pauses again`() throws {
        let first = Connection()
        let second = Connection()
        var state = TokenConnectionState(first)
        state.lose(first, reason: "gone", at: start)
        for _ in 0..<8 { state.fail("not yet", isFinal: false, at: start) }
        #expect(succeeds(second, in: &state))
        state.lose(first, reason: "an old failure", at: start)
        #expect(nextAttempt(state) == nil)
        state.lose(second, reason: "gone", at: start)
        state.fail("not yet", isFinal: false, at: start)
        #expect(try #require(nextAttempt(state)) - start <= .milliseconds(100))
    }

    @Test func `what is final is not tried again`() {
        let connection = Connection()
        var state = TokenConnectionState(connection)
        state.lose(connection, reason: "gone", at: start)
        state.fail("wrong PIN", isFinal: true, at: start)
        #expect(nextAttempt(state) == nil)
        #expect(!succeeds(Connection(), in: &state))
        guard case .ended("wrong PIN") = state.condition else {
            Issue.record("it is \(state.condition)")
            return
        }
    }

    @Test func `nothing comes up after closing`() {
        let connection = Connection()
        var state = TokenConnectionState(connection)
        state.lose(connection, reason: "gone", at: start)
        state.close()
        #expect(!succeeds(Connection(), in: &state))
        state.fail("late", isFinal: false, at: start)
        #expect(nextAttempt(state) == nil)
    }
}
