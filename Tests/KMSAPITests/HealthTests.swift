import HTTPTypes
import Hummingbird
import HummingbirdTesting
import KMSTesting
import KeyManagement
import Synchronization
import Testing

@testable import HTTPServing
@testable import KMSAPI

@Suite struct HealthTests {
    @Test func `the service says without a credential that it is alive, whatever token and store do`() async throws {
        let fixture = try await Fixture()
        try await fixture.run { client in
            fixture.token.fail(with: .unavailable("gone"), times: 9)
            fixture.store.fail(with: .unavailable("gone"), times: 9)
            let answer = try await client.send(.get, "/healthz", as: .nobody)
            #expect(answer.status == 200)
            #expect(try answer.data("status") == "alive")
            let head = try await client.send(.head, "/healthz", as: .nobody)
            #expect(head.status == 200)
            #expect(head.text.isEmpty)
        }
    }

    @Test func `the service says without a credential that it is ready`() async throws {
        try await Fixture().run { client in
            let answer = try await client.send(.get, "/readyz", as: .nobody)
            #expect(answer.status == 200)
            #expect(try answer.data("status") == "ready")
        }
    }

    @Test func `a token that cannot be used makes the service not ready, and is named`() async throws {
        let fixture = try await Fixture()
        try await fixture.run { client in
            fixture.token.fail(with: .unavailable("CKR_DEVICE_REMOVED"))
            let answer = try await client.send(.get, "/readyz", as: .nobody)
            #expect(answer.status == 503)
            #expect(try answer.code == "TOKEN_UNAVAILABLE")
            #expect(try answer.message == "not ready: the token cannot be used")
            #expect(answer.headers[.retryAfter] == "1")
            #expect(!answer.text.contains("CKR_DEVICE_REMOVED"))
            #expect(fixture.log.text.contains("CKR_DEVICE_REMOVED"))
        }
    }

    @Test func `a store that cannot be used makes the service not ready, and is named`() async throws {
        let fixture = try await Fixture()
        try await fixture.run { client in
            fixture.store.fail(with: .unavailable("disk full"))
            let answer = try await client.send(.get, "/readyz", as: .nobody)
            #expect(answer.status == 503)
            #expect(try answer.message == "not ready: the store cannot be used")
        }
    }

    @Test func `any other failure makes the service not ready too`() async throws {
        let fixture = try await Fixture()
        try await fixture.run { client in
            fixture.token.fail(with: .failed("C_GetSessionInfo: 0x5"))
            let answer = try await client.send(.get, "/readyz", as: .nobody)
            #expect(answer.status == 503)
        }
    }

    @Test func `a service that wants attention is alive and ready, and says why it is degraded`() async throws {
        let fixture = try await Fixture()
        let reason = Mutex<String?>("log lines are being lost")
        let log = RequestLog(logger: fixture.log.logger, sink: nil)
        let router = makeRouter(
            of: doors(to: fixture.service), service: fixture.service, configuration: APIConfiguration(), log: log,
            degradation: { reason.withLock { $0 } })
        try await Application(responder: router.buildResponder()).test(.router) { client in
            for path in ["/healthz", "/livez", "/readyz"] {
                reason.withLock { $0 = "log lines are being lost" }
                let degraded = try await Client(client: client, fixture: fixture).send(.get, path, as: .nobody)
                #expect(degraded.status == 200)
                #expect(try degraded.data("degraded") == "log lines are being lost")
                reason.withLock { $0 = nil }
                let well = try await Client(client: client, fixture: fixture).send(.get, path, as: .nobody)
                #expect(try well.data.keys.sorted() == ["status"])
            }
        }
    }

    @Test func `who asks again soon is told the same without another visit to the token`() async throws {
        let fixture = try await Fixture()
        let readiness = Readiness(service: fixture.service, lifetime: .seconds(3600))
        fixture.token.fail(with: .unavailable("gone"))
        #expect(await readiness.check() == .tokenUnavailable("gone"))
        // By now the token would answer successfully.
        #expect(await readiness.check() == .tokenUnavailable("gone"))
        let forgetful = Readiness(service: fixture.service, lifetime: .zero)
        fixture.token.fail(with: .unavailable("gone"))
        #expect(await forgetful.check() == .tokenUnavailable("gone"))
        #expect(await forgetful.check() == nil)
    }
}
