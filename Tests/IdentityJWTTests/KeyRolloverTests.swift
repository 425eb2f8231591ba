import Foundation
import Hummingbird
import IdentityJWT
import KeyManagement
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct KeyRolloverTests {
    let issuer: Issuer
    let now = Timestamp(milliseconds: 1_767_226_200_000)
    let moment = Moment()

    init() throws {
        issuer = try Issuer()
        try issuer.publish("r=rsa")
    }

    private func verifier(_ keys: String) throws -> JWTVerifier {
        let moment = moment
        return JWTVerifier(
            try JWTConfiguration(issuer: Issuer.name, audience: Issuer.audience, keys: keys), logger: logger,
            now: { moment.now })
    }

    @Test func `in a file are read again when the file changes, and what was verified before counts no more`()
        async throws
    {
        let verifier = try verifier(issuer.keySet)
        let old = try issuer.token()
        _ = try await verifier.verify(jwt: old, at: now)
        try issuer.publish("s=rsa")
        let new = try issuer.token(kid: "s", key: "s")
        _ = try await verifier.verify(jwt: new, at: now)
        await #expect(throws: KMSError.unauthenticated) { try await verifier.verify(jwt: old, at: now) }
    }

    @Test func `in a file that nobody touches are good for ever`() async throws {
        let verifier = try verifier(issuer.keySet)
        let token = try issuer.token()
        for _ in 0..<10 {
            _ = try await verifier.verify(jwt: token, at: now)
            moment.advance(by: .seconds(1000))
        }
    }

    @Test func `in a file that is broken for a while go on as they were`() async throws {
        let verifier = try verifier(issuer.keySet)
        let token = try issuer.token()
        _ = try await verifier.verify(jwt: token, at: now)
        try Data("{".utf8).write(to: URL(filePath: issuer.keySet))
        moment.advance(by: .seconds(61))
        _ = try await verifier.verify(jwt: token, at: now)
        try FileManager.default.removeItem(atPath: issuer.keySet)
        _ = try await verifier.verify(jwt: token, at: now)
        let missing = try self.verifier("\(issuer.folder)/nothing.json")
        await #expect {
            try await missing.verify(jwt: token, at: now)
        } throws: {
            ($0 as? KMSError)?.code == .busy
        }
    }

    @Test
    func `at an address are fetched once, again when old or when a new one is named, and not more often than allowed`()
        async throws
    {
        let server = KeyServer(issuer)
        try await server.run { url in
            let verifier = try verifier(url)
            let old = try issuer.token()
            for _ in 0..<5 { _ = try await verifier.verify(jwt: old, at: now) }
            #expect(server.count == 1)
            // Rollover: the new key is found at once if the pause has passed.
            moment.advance(by: .seconds(31))
            try issuer.publish("s=rsa")
            _ = try await verifier.verify(jwt: try issuer.token(kid: "s", key: "s"), at: now)
            #expect(server.count == 2)
            await #expect(throws: KMSError.unauthenticated) { try await verifier.verify(jwt: old, at: now) }
            // Tokens with unknown keys cannot trigger repeated requests.
            for number in 0..<20 {
                let token = try issuer.token(kid: "x\(number)", key: "s")
                await #expect(throws: KMSError.unauthenticated) { try await verifier.verify(jwt: token, at: now) }
            }
            #expect(server.count == 2)
            moment.advance(by: .seconds(601))
            _ = try await verifier.verify(jwt: try issuer.token(kid: "s", key: "s"), at: now)
            #expect(server.count == 3)
        }
    }

    @Test func `are used while the issuer does not answer, for a while, and then nobody is believed`() async throws {
        let server = KeyServer(issuer)
        try await server.run { url in
            let verifier = try verifier(url)
            let token = try issuer.token()
            _ = try await verifier.verify(jwt: token, at: now)
            server.isBroken = true
            moment.advance(by: .seconds(3000))
            _ = try await verifier.verify(jwt: token, at: now)
            moment.advance(by: .seconds(1300))
            await #expect {
                try await verifier.verify(jwt: token, at: now)
            } throws: {
                ($0 as? KMSError)?.code == .busy
            }
            server.isBroken = false
            moment.advance(by: .seconds(31))
            _ = try await verifier.verify(jwt: token, at: now)
        }
    }

    @Test(arguments: [
        "http://issuer.example/jwks", "http://127.0.0.1.example/", "http://user@127.0.0.1/", "ftp://x/", "",
        "http://0.0.0.0/",
    ])
    func `are not fetched in the clear from another machine, nor from what is no address`(_ text: String) {
        #expect(throws: KMSError.self) { try JWTConfiguration(issuer: "i", audience: "a", keys: text) }
    }
}

/// Serves an issuer's key set on loopback, and counts the requests.
final class KeyServer: Sendable {
    private let issuer: Issuer
    private let asked = Atomic<Int>(0)
    private let broken = Atomic<Bool>(false)

    init(_ issuer: Issuer) { self.issuer = issuer }

    var count: Int { asked.load(ordering: .relaxed) }

    var isBroken: Bool {
        get { broken.load(ordering: .relaxed) }
        set { broken.store(newValue, ordering: .relaxed) }
    }

    func run(_ body: @escaping @Sendable (String) async throws -> Void) async throws {
        let router = Router()
        router.get("jwks.json") { [self] _, _ -> Response in
            asked.add(1, ordering: .relaxed)
            guard !isBroken else { return Response(status: .serviceUnavailable) }
            let data = try Data(contentsOf: URL(filePath: issuer.keySet))
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
        }
        let (ports, port) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        let services = ServiceGroup(configuration: .init(services: [application], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            for await port in ports {
                try await body("http://127.0.0.1:\(port)/jwks.json")
                break
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }
}
