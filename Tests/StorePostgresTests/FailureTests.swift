import Foundation
import KMSTesting
import KeyManagement
import StorePostgres
import Testing

/// A server that stops, refuses or lies.
@Suite struct FailureTests {
    @Test func `a server that is stopped and started again is used again, without a restart of this process`()
        async throws
    {
        let server = try PostgresServer("restarted")
        let store = try PostgresKeyStore.open(ConnectionParameters(url: server.makeDatabase()), access: .create)
        try await KeyStoreContract.all[1].check(store)
        let binding = try await store.binding()
        server.stop()
        let start = ContinuousClock.now
        await #expect(throws: StoreError.self) { try await store.binding() }
        #expect(ContinuousClock.now - start < .seconds(8), "the caller waits for the deadline at most")
        try server.start()
        #expect(try await store.binding() == binding)
        try await store.checkHealth()
        await store.close()
    }

    @Test func `sessions that the server ends cost no call`() async throws {
        let server = try PostgresServer.shared.get()
        let url = try server.makeDatabase()
        let store = try PostgresKeyStore.open(ConnectionParameters(url: url), access: .create)
        for _ in 0..<20 {
            _ = try await store.binding()
            try server.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kms' AND datname = '\(Self.name(url))'",
                in: "postgres")
            #expect(try await store.binding() == nil)
        }
        await store.close()
    }

    @Test(arguments: CuttingProxy.Cut.allCases) func `a commit whose answer is lost is settled, and made once`(
        _ cut: CuttingProxy.Cut
    ) async throws {
        let server = try PostgresServer.shared.get()
        let url = try server.makeDatabase()
        let direct = try PostgresKeyStore.open(ConnectionParameters(url: url), access: .create)
        let proxy = try CuttingProxy("\(server.folder)/\(cut)", to: server.folder, cut: cut)
        let store = try PostgresKeyStore.open(
            ConnectionParameters(url: url.replacing("host=\(server.folder)", with: "host=\(proxy.folder)")),
            access: .existing)
        for number in 0..<12 {
            let document = DirectoryDocument(
                kind: .subject, key: "subject\(number)", parent: "", revision: 1, content: [1])
            let sealed = Sealed(unverified: document, seal: Seal(epoch: .first, code: Array(repeating: 7, count: 32)))
            // A second insert of the same document would be a conflict.
            try await store.save([sealed])
            #expect(try await direct.document(.subject, "subject\(number)") == sealed)
        }
        #expect(proxy.cutCount >= 6)
        await store.close()
        await direct.close()
        proxy.stop()
    }

    @Test func `each reason why a database cannot be opened is named, with its place and no password`() async throws {
        let server = try PostgresServer.shared.get()
        let url = try server.makeDatabase()
        let name = Self.name(url)
        func reason(_ url: String, _ access: PostgresKeyStore.Access = .existing) -> String {
            do throws(PostgresOpenError) {
                _ = try PostgresKeyStore.open(try ConnectionParameters(url: url), access: access)
                return "opened"
            } catch {
                return "\(error)"
            }
        }
        #expect(reason(url).contains("there is no key store in the database \(name)"))
        #expect(reason("sqlite:///x").contains("does not begin with postgresql://"))
        #expect(reason("postgresql://kms:hunter2@localhost/kms").contains("contains a password"))
        #expect(!reason("postgresql://kms:hunter2@localhost/kms").contains("hunter2"))
        #expect(!reason("postgresql://kms:100%secret@localhost/kms").contains("secret"))
        #expect(!reason("postgresql://kms:hunter2@[localhost/kms").contains("hunter2"))
        #expect(reason("postgresql://x@/x?nonsense=1").contains("nonsense"))
        #expect(reason(server.url(of: "absent")).contains(#"database "absent" does not exist"#))
        #expect(reason(server.url(of: name, user: "nobody")).contains(#"role "nobody" does not exist"#))
        #expect(reason("postgresql://x@127.0.0.1:1/x").contains("Connection refused"))
        try server.query("CREATE ROLE bystander LOGIN", in: "postgres")
        #expect(reason(server.url(of: name, user: "bystander"), .create).contains("the owner makes and changes tables"))
        // A release of the future, beyond the next version.
        _ = try PostgresKeyStore.open(ConnectionParameters(url: url), access: .create)
        #expect(reason(url) == "opened")
        try server.query("INSERT INTO kms.migration (number) SELECT max(number) + 1 FROM kms.migration", in: name)
        #expect(reason(url) == "opened", "the next version of the schema is served")
        try server.query("INSERT INTO kms.migration (number) SELECT max(number) + 1 FROM kms.migration", in: name)
        #expect(reason(url).contains("was written by a newer release"))
    }

    @Test(arguments: ["fsync=off", "synchronous_commit=off", "full_page_writes=off"])
    func `a server that could lose what it acknowledged is refused`(_ setting: String) async throws {
        let server = try PostgresServer("unsafe-" + setting.prefix(5).filter(\.isLetter), settings: [setting])
        let parameters = try ConnectionParameters(url: server.makeDatabase())
        do throws(PostgresOpenError) {
            _ = try PostgresKeyStore.open(parameters, access: .create)
            Issue.record("opened with \(setting)")
        } catch {
            #expect("\(error)".contains("\(setting.split(separator: "=")[0]) is off"))
        }
    }

    @Test func `a database that takes no changes is unhealthy, and a change says so`() async throws {
        let server = try PostgresServer.shared.get()
        let url = try server.makeDatabase()
        // Without the usual demand that the server be a primary, as after a demotion that libpq does not notice.
        let store = try PostgresKeyStore.open(
            ConnectionParameters(url: url + "&target_session_attrs=any"), access: .create, timeout: .seconds(2))
        try await store.checkHealth()
        try server.query("ALTER DATABASE \(Self.name(url)) SET default_transaction_read_only = on", in: "postgres")
        try server.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(Self.name(url))'", in: "postgres"
        )
        await #expect { try await store.checkHealth() } throws: { "\($0)".contains("takes no changes") }
        await #expect { try await store.save([Self.document("alice")]) } throws: { error in
            "\(error)".contains("cannot execute") && "\(error)".contains("25006")
        }
        try server.query("ALTER DATABASE \(Self.name(url)) RESET default_transaction_read_only", in: "postgres")
        try server.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(Self.name(url))'", in: "postgres"
        )
        try await store.save([Self.document("alice")])
        await store.close()
    }

    private static func document(_ name: String) -> Sealed<DirectoryDocument> {
        Sealed(
            unverified: DirectoryDocument(kind: .subject, key: name, parent: "", revision: 1, content: [1]),
            seal: Seal(epoch: .first, code: Array(repeating: 7, count: 32)))
    }

    @Test func `a value that no record has is reported as malformed, by the name of the record`() async throws {
        let server = try PostgresServer.shared.get()
        let url = try server.makeDatabase()
        let store = try PostgresKeyStore.open(ConnectionParameters(url: url), access: .create)
        let document = DirectoryDocument(kind: .subject, key: "alice", parent: "", revision: 1, content: [1])
        let sealed = Sealed(unverified: document, seal: Seal(epoch: .first, code: Array(repeating: 7, count: 32)))
        try await store.save([sealed])
        #expect(try await store.document(.subject, "alice") == sealed)
        let changes = [
            "label = NULL", "name = '\\x01'", "wrap_epoch = 1",
            "details = '\\x01'",
            "fixed = '\\x01'", "end_at = 1",
        ]
        for change in changes {
            try server.query(
                "BEGIN; CREATE TABLE saved AS TABLE kms.document; UPDATE kms.document SET \(change); COMMIT",
                in: Self.name(url))
            await #expect("\(change)") { try await store.document(.subject, "alice") } throws: { error in
                guard case .malformed(let name)? = error as? StoreError else { return false }
                return name.contains("alice")
            }
            try server.query(
                "BEGIN; DELETE FROM kms.document; INSERT INTO kms.document TABLE saved; DROP TABLE saved; COMMIT",
                in: Self.name(url))
        }
        await store.close()
    }

    private static func name(_ url: String) -> String {
        String(url.split(separator: "?")[0].split(separator: "/").last ?? "")
    }
}
