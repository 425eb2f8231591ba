import HTTPTypes
import KMSTesting
import KeyManagement
import Synchronization
import Testing

@testable import HTTPServing
@testable import KMSAPI

/// Unauthenticated clients cannot fill the log.
@Suite(.timeLimit(.minutes(1))) struct LineBudgetTests {
    @Test func `a source has its lines at once, then one in three seconds, which tells how many are missing`() {
        let time = Mutex(ContinuousClock.now)
        let budget = LineBudget(burst: 3) { time.withLock { $0 } }
        let place = FailedAttempts.SourceNetwork("192.0.2.1")
        for _ in 0..<3 { #expect(budget.take(at: place) == 0) }
        for _ in 0..<5 { #expect(budget.take(at: place) == nil) }
        #expect(budget.take(at: FailedAttempts.SourceNetwork("192.0.2.2")) == 0)
        time.withLock { $0 += .milliseconds(2999) }
        #expect(budget.take(at: place) == nil)
        time.withLock { $0 += .milliseconds(2) }
        #expect(budget.take(at: place) == 6)
        #expect(budget.take(at: place) == nil)
        time.withLock { $0 += .seconds(60) }
        #expect(budget.take(at: place) == 1)
        for _ in 0..<100 { #expect(budget.take(at: nil) == 0, "no address, no limit") }
    }

    @Test func `requests that nobody signed leave few lines, those of a caller one each`() async throws {
        let fixture = try await Fixture()
        var configuration = APIConfiguration()
        configuration.failedAttempts = 5
        try await fixture.serve(configuration) { port in
            let bad = request("GET /api/v1/keys", token: "wrong")
            let good = request("GET /api/v1/keys", token: fixture.manager)
            for _ in 0..<12 {
                _ = try await exchange(port, [bad])
                _ = try await exchange(port, ["no HTTP\r\n\r\n"])
                let answer = try await exchange(port, [good], until: "}")
                #expect(answer.hasPrefix("HTTP/1.1 200 "))
            }
        }
        let lines = fixture.log.requests
        #expect(lines.count { $0.metadata["subject"] == "maria" } == 12)
        let others = lines.count { $0.metadata["subject"] == nil }
        #expect((5..<15).contains(others), "\(others) lines for 24 requests")
    }

    @Test(arguments: [(4, 4), (5, 5), (6, 5)]) func `the limit is that of failures to authenticate`(
        _ count: Int, _ lines: Int
    ) {
        // The clock stands still, so the budget does not recover.
        let now = ContinuousClock.now
        let budget = LineBudget(burst: 5) { now }
        let place = FailedAttempts.SourceNetwork("192.0.2.1")
        #expect((0..<count).count { _ in budget.take(at: place) != nil } == lines)
    }
}
