import HTTPTypes
import KMSTesting
import KeyManagement
import Synchronization
import Testing

@testable import HTTPServing
@testable import KMSAPI

@Suite struct FailedAttemptsTests {
    private final class Clock: Sendable {
        private let instant = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { instant.withLock { $0 } }

        func advance(_ time: Duration) {
            instant.withLock { $0 += time }
        }
    }

    private let clock = Clock()

    private func make(capacity: Int = 10_000) -> FailedAttempts {
        FailedAttempts(capacity: capacity) { [clock] in clock.now }
    }

    private func wait(_ failures: FailedAttempts, _ source: String?) -> Duration? {
        failures.wait(at: FailedAttempts.SourceNetwork(source))
    }

    @Test func `twenty failures are listened to, then one in three seconds`() {
        let failures = make()
        for _ in 0..<20 {
            #expect(wait(failures, "192.0.2.1") == nil)
            failures.note(at: FailedAttempts.SourceNetwork("192.0.2.1"))
        }
        #expect(wait(failures, "192.0.2.1") == .seconds(3))
        clock.advance(.milliseconds(2900))
        #expect(wait(failures, "192.0.2.1") != nil)
        clock.advance(.milliseconds(101))
        #expect(wait(failures, "192.0.2.1") == nil)
        failures.note(at: FailedAttempts.SourceNetwork("192.0.2.1"))
        #expect(wait(failures, "192.0.2.1") != nil)
        clock.advance(.seconds(1000))
        for _ in 0..<20 {
            #expect(wait(failures, "192.0.2.1") == nil)
            failures.note(at: FailedAttempts.SourceNetwork("192.0.2.1"))
        }
        #expect(wait(failures, "192.0.2.1") != nil)
    }

    @Test func `one address does not pay for another, an unknown one is not limited, and asking costs nothing`() {
        let failures = make()
        for _ in 0..<30 { failures.note(at: FailedAttempts.SourceNetwork("192.0.2.1")) }
        for _ in 0..<30 { failures.note(at: FailedAttempts.SourceNetwork(nil)) }
        for _ in 0..<100 { #expect(wait(failures, "192.0.2.2") == nil) }
        #expect(wait(failures, nil) == nil)
        #expect(wait(failures, "::ffff:192.0.2.1") != nil)
    }

    @Test func `all of a /64 is one client`() {
        let failures = make()
        for number in 0..<20 { failures.note(at: FailedAttempts.SourceNetwork("2001:db8:0:1::\(number)")) }
        #expect(wait(failures, "2001:db8:0:1:ffff::1") != nil)
        #expect(wait(failures, "2001:db8:0:2::1") == nil)
    }

    @Test func `only so many addresses are remembered`() {
        let failures = make(capacity: 2)
        for _ in 0..<20 { failures.note(at: FailedAttempts.SourceNetwork("192.0.2.1")) }
        failures.note(at: FailedAttempts.SourceNetwork("192.0.2.2"))
        failures.note(at: FailedAttempts.SourceNetwork("192.0.2.3"))
        #expect(wait(failures, "192.0.2.1") == nil)
    }

    @Test(
        "over a socket, wrong credentials are answered with 429 after a while and leave no trace; right ones always count"
    )
    func overSocket() async throws {
        let fixture = try await Fixture()
        try await fixture.runLive { client in
            for _ in 0..<30 {
                #expect(try await client.send(.get, "/api/v1/keys").status == 200)
            }
            for _ in 0..<20 {
                #expect(try await client.send(.get, "/api/v1/keys", as: .bearer("nobody")).status == 401)
            }
            let before = fixture.audit.entries.count
            let refused = try await client.send(.get, "/api/v1/keys", as: .nobody)
            #expect(refused.status == 429)
            #expect(try refused.code == "TOO_MANY_FAILURES")
            #expect(refused.headers[.retryAfter].flatMap { Int($0) }.map { (1...3).contains($0) } ?? false)
            #expect(fixture.audit.entries.count == before)
            let unsigned = try await client.send(
                .post, "/", as: .nobody, "{}", headers: [.init("X-Amz-Target")!: "TrentService.ListKeys"])
            #expect(unsigned.status == 400 && unsigned.text.contains("ThrottlingException"))
            #expect(fixture.audit.entries.count == before)
            #expect(try await client.send(.get, "/api/v1/keys").status == 200)
            #expect(try await client.send(.get, "/healthz").status == 200)
        }
    }
}
