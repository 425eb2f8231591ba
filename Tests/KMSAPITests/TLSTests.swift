import HTTPTypes
import Hummingbird
import KMSTesting
import KeyManagement
import Logging
import NIOSSL
import ServiceLifecycle
import Synchronization
import Testing
import ThreadExecutor

@testable import HTTPServing
@testable import KMSAPI

/// TLS, tested with curl and OpenSSL.
@Suite(.timeLimit(.minutes(3))) struct TLSTests {
    private let outside: Outside
    private let fixture: Fixture

    init() async throws {
        outside = Outside(folder: try await onOwnThread("certificates") { try Outside.makeFolder() })
        fixture = try await Fixture()
    }

    private func configuration(_ change: (inout TLSSettings) -> Void = { _ in }) -> APIConfiguration {
        var settings = TLSSettings(
            certificateChain: outside.folder.file("server.pem"), privateKey: outside.folder.file("server.key"))
        change(&settings)
        return APIConfiguration(tls: settings)
    }

    private func configuration(
        clients: TLSSettings.ClientCertificates, by subject: TLSSettings.SubjectSource = .commonName
    ) -> APIConfiguration {
        configuration {
            $0.clientAuthorities = outside.folder.file("ca.pem")
            $0.clientCertificates = clients
            $0.subject = subject
        }
    }

    /// Gives a role to a subject that a certificate names.
    private func grant(_ subject: String) async throws {
        try await fixture.run { client in
            let made = try await client.send(.post, "/api/v1/subjects", as: .admin, #"{"name": "\#(subject)"}"#)
            #expect(made.status == 201)
            let granted = try await client.send(
                .put, "/api/v1/projects/shop/roles/subjects/\(subject)", as: .admin, #"{"role": "user"}"#)
            #expect(granted.status == 200)
        }
    }

    @Test func `TLS 1.3 is spoken, and 1.2 only where it is configured`() async throws {
        try await fixture.serve(configuration()) { port in
            let answer = try await outside.curl(port, "/api/v1/whoami", "-H", "X-Auth-Token: \(fixture.user)")
            #expect(answer.contains("\"ulf\"") && answer.contains("TLSv1.3"), "\(answer)")
            let old = try await outside.curl(port, "/healthz", "--tls-max", "1.2")
            #expect(old.contains("alert protocol version") && !old.contains("HTTP/1.1"), "\(old)")
        }
        try await fixture.serve(configuration { $0.minimumVersion = .tls12 }) { port in
            let old = try await outside.curl(port, "/healthz", "--tls-max", "1.2")
            #expect(old.contains("TLSv1.2") && old.contains("HTTP/1.1 200"), "\(old)")
            let older = try await outside.openSSL(port, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")
            #expect(!older.contains("New, TLSv1.1"), "\(older)")
        }
    }

    @Test func `plain HTTP is not answered where TLS is spoken`() async throws {
        try await fixture.serve(configuration()) { port in
            let answer = try await exchange(port, ["GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"], until: nil)
            #expect(!answer.contains("HTTP/1.1"))
        }
    }

    @Test(arguments: [[], ["\u{16}\u{03}\u{01}\u{02}"]])
    func `a handshake that does not come, or not to its end, is closed`(_ parts: [String]) async throws {
        var configuration = configuration()
        configuration.headTimeout = .milliseconds(100)
        try await fixture.serve(configuration) { port in
            let start = ContinuousClock.now
            let answer = try await exchange(port, parts, until: nil)
            // Not by the idle timeout, which is a minute.
            #expect(!answer.contains("HTTP") && .now - start < .seconds(20))
        }
    }

    @Test func `the limits of a connection hold behind TLS`() async throws {
        try await fixture.serve(configuration()) { port in
            let long = String(repeating: "a", count: 9000)
            let answer = try await outside.curl(port, "/healthz", "-H", "X-Long: \(long)")
            #expect(answer.contains("HEADERS_TOO_LARGE"), "\(answer)")
        }
        var configuration = configuration()
        configuration.idleTimeout = .milliseconds(200)
        try await fixture.serve(configuration) { port in
            let start = ContinuousClock.now
            // The client sends nothing after the handshake.
            let silent = try await outside.openSSL(port, "-quiet")
            #expect(!silent.contains("HTTP/1.1 200") && .now - start < .seconds(30))
        }
    }

    @Test func `a certificate of the authority names the subject by its common name`() async throws {
        try await grant("cert:alice")
        try await fixture.serve(configuration(clients: .required)) { port in
            let answer = try await outside.curl(port, "/api/v1/whoami", certificate: "alice")
            #expect(answer.contains("HTTP/1.1 200") && answer.contains("\"cert:alice\""), "\(answer)")
            // A token takes precedence over the certificate.
            let both = try await outside.curl(
                port, "/api/v1/whoami", certificate: "alice", "-H", "X-Auth-Token: \(fixture.manager)")
            #expect(both.contains("\"maria\""), "\(both)")
        }
    }

    @Test(arguments: [
        (TLSSettings.SubjectSource.sanEmail, "cert:alice@shop.example"), (.sanURI, "cert:urn:shop:alice"),
        (.sanDNS, "cert:alice.shop.example"),
    ])
    func `a certificate names the subject by what is configured`(_ source: TLSSettings.SubjectSource, _ subject: String)
        async throws
    {
        try await grant(subject)
        try await fixture.serve(configuration(clients: .required, by: source)) { port in
            let answer = try await outside.curl(port, "/api/v1/whoami", certificate: "alice")
            #expect(answer.contains("HTTP/1.1 200") && answer.contains("\"\(subject)\""), "\(answer)")
        }
    }

    @Test func `a certificate whose name could be no subject's, or which has two or none, names nobody`() async throws {
        try await fixture.serve(configuration(clients: .required)) { port in
            for name in ["strange", "twice"] {
                let answer = try await outside.curl(port, "/api/v1/whoami", certificate: name)
                #expect(answer.contains("HTTP/1.1 401"), "\(name): \(answer)")
            }
        }
        try await fixture.serve(configuration(clients: .required, by: .sanURI)) { port in
            let answer = try await outside.curl(port, "/api/v1/whoami", certificate: "strange")
            #expect(answer.contains("HTTP/1.1 401"), "\(answer)")
        }
    }

    @Test(arguments: [TLSSettings.ClientCertificates.required, .optional], ["foreign", "self", "expired"])
    func `a certificate of another authority, of its own, or from the past is refused, asked for or not`(
        _ clients: TLSSettings.ClientCertificates, _ name: String
    ) async throws {
        try await fixture.serve(configuration(clients: clients)) { port in
            let answer = try await outside.curl(port, "/healthz", certificate: name)
            #expect(!answer.contains("HTTP/1.1 200"), "\(answer)")
        }
        #expect(fixture.log.text.contains("CERTIFICATE_VERIFY_FAILED"), "\(fixture.log.text)")
    }

    @Test func `without a certificate nobody comes in where one is required, and everybody with a token where not`()
        async throws
    {
        try await fixture.serve(configuration(clients: .required)) { port in
            let answer = try await outside.curl(port, "/healthz")
            #expect(!answer.contains("HTTP/1.1 200"), "\(answer)")
        }
        #expect(fixture.log.text.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE"), "\(fixture.log.text)")
        try await fixture.serve(configuration(clients: .optional)) { port in
            let answer = try await outside.curl(port, "/api/v1/whoami", "-H", "X-Auth-Token: \(fixture.user)")
            #expect(answer.contains("\"ulf\""), "\(answer)")
            #expect(try await outside.curl(port, "/api/v1/whoami").contains("HTTP/1.1 401"))
        }
        // A certificate that is not requested has no effect.
        try await fixture.serve(configuration()) { port in
            let answer = try await outside.curl(port, "/api/v1/whoami", certificate: "alice")
            #expect(answer.contains("HTTP/1.1 401"), "\(answer)")
        }
    }

    @Test func `an identity has the certificate's fingerprint and its end`() async throws {
        let file = outside.folder.file("alice.pem")
        let der = try #require(try NIOSSLCertificate.fromPEMFile(file).first).toDERBytes()
        let identity = try #require(try ClientCertificate(der: der).identity(by: .commonName, prefix: "cert:"))
        let shown = try await outside.run(["openssl", "x509", "-in", file, "-noout", "-fingerprint", "-sha256"])
        let fingerprint = shown.split(separator: "=").last.map { $0.filter(\.isHexDigit).lowercased() } ?? ""
        #expect(identity.authentication == "certificate:\(fingerprint)")
        let now = SystemWallClock().now.milliseconds
        #expect(identity.expiresAt.map { ($0.milliseconds - now) / 3_600_000 } == 47)
    }

    @Test func `replaced certificates serve the next connection, and one that is open goes on`() async throws {
        try await fixture.serve(configuration()) { port in
            let folder = outside.folder
            let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
            try await withTLSConnection(port, trusting: folder.file("ca.pem")) { connection in
                let first = try await connection.send(request)
                #expect(first.contains("200 OK"))
                try folder.replace("server.key", with: "next.key")
                try folder.replace("server.pem", with: "next.pem")
                let start = ContinuousClock.now
                var subject = ""
                // The files are checked once a second; from outside, nothing else can be waited for.
                while !subject.contains("next"), .now - start < .seconds(20) {
                    subject = try await outside.openSSL(port)
                    #expect(subject.contains("CN = next") || subject.contains("CN = server"), "\(subject)")
                }
                #expect(subject.contains("CN = next"))
                let second = try await connection.send(request)
                #expect(second.contains("200 OK"))
            }
        }
    }

    @Test func `broken files, and a key without its certificate, leave the former ones in force`() async throws {
        let folder = outside.folder
        let clock = Mutex(ContinuousClock.now)
        let settings = TLSSettings(
            certificateChain: folder.file("server.pem"), privateKey: folder.file("server.key"))
        let context = try TLSContext(settings, logger: fixture.log.logger) { clock.withLock { $0 } }
        let first = context.current
        func later(_ time: Duration = .seconds(1)) -> NIOSSLContext {
            clock.withLock { $0 += time }
            return context.current
        }
        #expect(later() === first)
        try folder.replace("server.key", with: "next.key")
        #expect(later(.milliseconds(900)) === first && fixture.log.lines.isEmpty)
        #expect(later() === first)
        #expect(fixture.log.lines.map(\.level) == [.error])
        #expect(later() === first && fixture.log.lines.count == 1)
        try folder.write("no certificate", to: "server.pem")
        #expect(later() === first && fixture.log.lines.count == 2)
        try folder.replace("server.pem", with: "next.pem")
        #expect(later() !== first)
        #expect(fixture.log.lines.map(\.level) == [.error, .error, .notice])
    }

    @Test func `the service does not begin with files that are broken, or without the authorities that it needs`()
        async throws
    {
        let folder = outside.folder
        func failure(_ change: (inout TLSSettings) -> Void) -> String? {
            var settings = TLSSettings(
                certificateChain: folder.file("server.pem"), privateKey: folder.file("server.key"))
            change(&settings)
            do {
                try settings.check()
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(failure { _ in } == nil)
        #expect(failure { $0.certificateChain = folder.file("none.pem") }?.contains("none.pem") ?? false)
        #expect(failure { $0.privateKey = folder.file("server.pem") }?.contains("server.pem") ?? false)
        #expect(failure { $0.privateKey = folder.file("alice.key") }?.contains("together") ?? false)
        #expect(failure { $0.clientCertificates = .required }?.contains("authorities") ?? false)
        await #expect(throws: (any Error).self) {
            let broken = configuration { $0.privateKey = folder.file("none.key") }
            try await makeServer(
                of: doors(to: fixture.service), service: fixture.service, configuration: broken,
                logger: fixture.log.logger
            ).run()
        }
    }
}
