import Foundation
import KMSTesting
import KeyManagement
import StorePostgres
import Testing

/// Connections over TLS, with passwords, through a pooler, and to a server that has no room.
@Suite struct ConnectionTests {
    @Test(arguments: [
        ("postgresql://kms@db.example.com/kms", "verify-full"), ("postgresql://kms@10.0.0.1/kms", "verify-full"),
        ("postgresql://kms@localhost,db2/kms", "verify-full"), ("postgresql://kms@db/kms?sslmode=require", "require"),
        ("postgresql://kms@localhost/kms", "prefer"), ("postgresql://kms@127.0.0.1,[::1]/kms", "prefer"),
        ("postgresql://kms@/kms?host=/run/postgresql", "prefer"),
        ("postgresql://kms@/kms?hostaddr=10.0.0.1", "verify-full"),
        ("postgresql://kms@127.0.0.1.example.com/kms", "verify-full"),
        ("postgresql://kms@db/kms?hostaddr=", "verify-full"),
        ("postgresql://kms@localhost/kms?hostaddr=10.0.0.1", "verify-full"),
        ("postgresql://kms@localhost,db/kms?hostaddr=127.0.0.1,", "verify-full"),
    ])
    func `beyond this machine, the certificate of the server is verified`(_ url: String, _ mode: String) throws {
        #expect(try ConnectionParameters(url: url).value("sslmode") == mode)
    }

    @Test func `of several servers the primary is asked for, with two seconds for each`() throws {
        let parameters = try ConnectionParameters(url: "postgresql://kms@a,b/kms")
        #expect(parameters.value("target_session_attrs") == "read-write")
        #expect(parameters.value("connect_timeout") == "2")
        #expect(parameters.place == "kms at a,b")
    }

    @Test func `certificate and password are checked on both sides`() async throws {
        let certificates = try CertificateFolder()
        try certificates.makeAuthority("ca")
        try certificates.makeAuthority("other")
        try certificates.makeCertificate("server", subject: "/CN=localhost", names: "DNS:localhost")
        let server = try PostgresServer("tls", certificate: certificates.file("server"))
        try server.query("CREATE ROLE kms LOGIN PASSWORD 'correct'", in: "postgres")
        try server.query("CREATE DATABASE kms OWNER kms TEMPLATE template0", in: "postgres")
        try certificates.write("*:*:*:kms:correct", to: "right")
        try certificates.write("*:*:*:kms:incorrect", to: "wrong")
        for name in ["right", "wrong"] { chmod(certificates.file(name), 0o600) }
        func reason(host: String, ca: String, password: String, mode: String = "verify-full") -> String {
            let url =
                "postgresql://kms@\(host):\(server.port)/kms?sslmode=\(mode)&sslrootcert=\(certificates.file(ca)).pem&passfile="
                + certificates.file(password)
            do throws(PostgresOpenError) {
                _ = try PostgresKeyStore.open(try ConnectionParameters(url: url), access: .create)
                return "opened"
            } catch {
                return "\(error)"
            }
        }
        #expect(reason(host: "localhost", ca: "ca", password: "right") == "opened")
        #expect(reason(host: "127.0.0.1", ca: "ca", password: "right").contains("does not match host name"))
        #expect(reason(host: "localhost", ca: "other", password: "right").contains("certificate verify failed"))
        #expect(reason(host: "localhost", ca: "ca", password: "wrong").contains("password authentication failed"))
        // The server accepts no connection without TLS.
        #expect(reason(host: "localhost", ca: "ca", password: "right", mode: "disable").contains("no encryption"))
        let report = try PostgresKeyStore.report(
            on: ConnectionParameters(
                url:
                    "postgresql://kms@localhost:\(server.port)/kms?sslmode=require&passfile=\(certificates.file("right"))"
            ))
        #expect(report.isSufficient)
        #expect(report.checks.first { $0.name == "connection" }?.value.contains("TLS") == true)
        #expect(report.checks.first { $0.name == "user" }?.verdict == .warning, "the user owns the schema")
    }

    @Test func `a server without TLS is refused where it is demanded`() async throws {
        let port = try PostgresServer.freePort()
        let server = try PostgresServer("plain", settings: ["listen_addresses=127.0.0.1", "port=\(port)"])
        let url = "postgresql://postgres@127.0.0.1:\(server.port)/postgres?sslmode="
        #expect {
            try PostgresKeyStore.open(ConnectionParameters(url: url + "require"), access: .create)
        } throws: { "\($0)".contains("server does not support SSL") }
        let report = try PostgresKeyStore.report(on: ConnectionParameters(url: url + "disable"))
        #expect(report.checks.first { $0.name == "connection" }?.value == "not encrypted")
    }

    @Test func `a server whose connections are used up is waited for, then reported, then used again`() async throws {
        let server = try PostgresServer(
            "full", settings: ["max_connections=4", "superuser_reserved_connections=0", "max_wal_senders=0"])
        let parameters = try ConnectionParameters(url: server.makeDatabase())
        let store = try PostgresKeyStore.open(parameters, access: .create, timeout: .seconds(2))
        var holders: [PostgresKeyStore] = []
        for _ in 0..<4 {
            let holder = try PostgresKeyStore.open(parameters, access: .existing, connections: 1)
            _ = try await holder.binding()
            holders.append(holder)
        }
        await #expect { try await store.binding() } throws: { "\($0)".contains("too many clients") }
        for holder in holders { await holder.close() }
        #expect(try await store.binding() == nil)
        await store.close()
    }

    @Test(arguments: KeyStoreRace.all)
    func `two processes race through a pooler that gives each transaction another session`(_ race: KeyStoreRace)
        async throws
    {
        let url = try PgBouncer.shared.get().url(of: PostgresServer.shared.get().makeDatabase())
        let parameters = try ConnectionParameters(url: url)
        let (one, two) = (
            try PostgresKeyStore.open(parameters, access: .create),
            try PostgresKeyStore.open(parameters, access: .existing)
        )
        try await race.check(one, two)
        await one.close()
        await two.close()
    }
}
