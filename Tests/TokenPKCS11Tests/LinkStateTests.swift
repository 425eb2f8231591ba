import Testing

@testable import TokenPKCS11

/// The state machine of the token's connection, without a token and without a clock.
@Suite struct LinkStateTests {
    private final class Link: Sendable {}

    private let start = ContinuousClock.now

    private func suspects(_ link: Link, in state: inout LinkState<Link>) -> Bool { state.suspect(link) }
    private func succeeds(_ link: Link, in state: inout LinkState<Link>) -> Bool { state.succeed(link) }

    private func nextAttempt(_ state: LinkState<Link>) -> ContinuousClock.Instant? {
        if case .down(_, let next) = state.condition { next } else { nil }
    }

    @Test func `a suspicion is news once, and concerns the present connection only`() {
        let link = Link()
        var state = LinkState(link)
        #expect(suspects(link, in: &state))
        #expect(!suspects(link, in: &state))
        #expect(!suspects(Link(), in: &state))
        state.clear()
        #expect(suspects(link, in: &state))
    }

    @Test func `a lost connection is tried at once, then after growing pauses of two seconds at most`() throws {
        let link = Link()
        var state = LinkState(link)
        state.lose(link, reason: "gone", at: start)
        #expect(nextAttempt(state) == start)
        var pauses: [Duration] = []
        for _ in 0..<8 {
            state.fail("not yet", isFinal: false, at: start)
            pauses.append(try #require(nextAttempt(state)) - start)
        }
        for (pause, least) in zip(pauses, [50, 100, 200, 400, 800, 1000, 1000, 1000]) {
            #expect(pause >= .milliseconds(least) && pause <= .milliseconds(min(2 * least, 2000)), "\(pauses)")
        }
        #expect(succeeds(Link(), in: &state))
        #expect(nextAttempt(state) == nil)
    }

    @Test func `a new loss begins with short pauses again`() throws {
        let first = Link()
        let second = Link()
        var state = LinkState(first)
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
        let link = Link()
        var state = LinkState(link)
        state.lose(link, reason: "gone", at: start)
        state.fail("wrong PIN", isFinal: true, at: start)
        #expect(nextAttempt(state) == nil)
        #expect(!succeeds(Link(), in: &state))
        guard case .ended("wrong PIN") = state.condition else {
            Issue.record("it is \(state.condition)")
            return
        }
    }

    @Test func `nothing comes up after closing`() {
        let link = Link()
        var state = LinkState(link)
        state.lose(link, reason: "gone", at: start)
        state.close()
        #expect(!succeeds(Link(), in: &state))
        state.fail("late", isFinal: false, at: start)
        #expect(nextAttempt(state) == nil)
    }
}
