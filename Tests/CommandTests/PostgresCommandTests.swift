import Foundation
import KMSTesting
import ServiceTesting
import Testing

/// The service with its store in a PostgreSQL database.
@Suite struct PostgresCommandTests {
    @Test func `a service on PostgreSQL issues, decrypts and rotates, and loses nothing when it is killed`()
        async throws
    {
        let machine = try await Machine(database: PostgresServer.shared.get().makeDatabase())
        var service = try await Service.start(on: machine)
        #expect(try await service.kms("key", "create", "payroll").status == 0)
        let first = try await service.issue("payroll")
        #expect(try await service.kms("key", "rotate", "payroll").text.contains("version 1 → 2"))
        let second = try await service.issue("payroll")
        await service.stop(SIGKILL)
        service = try await Service.start(on: machine)
        #expect(try await service.opens(first))
        #expect(try await service.opens(second))
        let report = try await service.kms("store", "verify", as: "admin")
        #expect(report.status == 0, "\(report.text)\(report.errors)")
        #expect(await service.stop() == 0)
    }

    @Test func `the service outlives its database server`() async throws {
        let server = try PostgresServer("outlived")
        let machine = try await Machine(database: server.makeDatabase())
        let service = try await Service.start(on: machine)
        #expect(try await service.kms("key", "create", "payroll").status == 0)
        let issued = try await service.issue("payroll")
        server.stop()
        let refused = try await service.request("POST", "/keys", #"{"name":"other"}"#)
        #expect(refused.status == 503, "\(refused.text)")
        try server.start()
        #expect(try await service.opens(issued))
        #expect(try await service.kms("key", "create", "other").status == 0)
        #expect(await service.stop() == 0)
    }

    @Test func `the printed roles part serving from migrating`() async throws {
        let server = try PostgresServer.shared.get()
        let url = try server.makeDatabase()
        let name = try #require(url.firstMatch(of: /kms_[0-9a-f]+/)?.output)
        let plain = try await Machine(isReady: false)
        let sql = try await plain.kms("store", "sql", "--owner", "\(name)-owner", "--service", "\(name)-service")
        #expect(sql.status == 0)
        try server.query(sql.text, in: String(name))
        let (owner, serving) = (
            server.url(of: String(name), user: "\(name)-owner"), server.url(of: String(name), user: "\(name)-service")
        )
        // The role that serves can make no tables.
        let machine = try await Machine(database: serving, isReady: false)
        try await machine.initializeToken()
        try await machine.succeed("root", "init")
        let refused = try await machine.kms("init", "--credentials", machine.path("credentials"))
        #expect(refused.status == 4, "\(refused.errors)")
        #expect(refused.errors.contains("the owner makes and changes tables"))
        try await machine.succeed("init", "--credentials", machine.path("credentials"), "--store", owner)
        let probe = try await machine.kms("store", "probe", "--wide")
        #expect(probe.status == 0, "\(probe.errors)")
        #expect(probe.text.contains("\(name)-service, who may serve"))
        #expect(probe.text.contains("if the server is lost, so is what was committed last"))
        let service = try await Service.start(on: machine)
        #expect(try await service.kms("key", "create", "payroll").status == 0)
        let issued = try await service.issue("payroll")
        #expect(try await service.opens(issued))
        #expect(await service.stop() == 0)
        // The role of the service cannot do these, even if an attacker controls the service.
        for statement in [
            "DROP TRIGGER document_change ON kms.document", "CREATE TABLE kms.other (a int)", "TRUNCATE kms.document",
        ] {
            #expect(throws: PostgresServerFailure.self, "\(statement)") {
                try server.query("SET ROLE \"\(name)-service\"; \(statement)", in: String(name))
            }
        }
        #expect(try await machine.kms("store", "migrate", "--store", owner).status == 0)
    }

    @Test func `a store moves from a file to PostgreSQL and back, and the audit log goes on`() async throws {
        let server = try PostgresServer.shared.get()
        let url = try server.makeDatabase()
        let machine = try await Machine()
        var service = try await Service.start(on: machine)
        for name in ["payroll", "invoices"] { #expect(try await service.kms("key", "create", name).status == 0) }
        #expect(try await service.kms("key", "rotate", "payroll").status == 0)
        #expect(try await service.kms("alias", "set", "pay", "payroll").status == 0)
        let issued = try await service.issue("payroll")
        let running = try await machine.kms("store", "copy", "--to", url)
        #expect(running.status == 8 && running.errors.contains("the service is running"), "\(running.errors)")
        #expect(await service.stop() == 0)
        let copied = try await machine.kms("store", "copy", "--to", url)
        #expect(copied.status == 0 && copied.text.contains("Copied "), "\(copied.errors)")
        let again = try await machine.kms("store", "copy", "--to", url)
        #expect(again.status == 8 && again.errors.contains("has a store already"), "\(again.errors)")

        let moved = ["KMS_STORE_PATH": "", "KMS_STORE_URL": url, "KMS_AUDIT_PATH": machine.path("audit")]
        service = try await Service.start(on: machine, with: moved)
        #expect(try await service.opens(issued))
        #expect(try await service.kms("key", "rotate", "pay").text.contains("version 2 → 3"))
        let later = try await service.issue("invoices")
        #expect(try await service.kms("store", "verify", as: "admin").status == 0)
        #expect(await service.stop() == 0)

        let back = try await machine.kms("store", "copy", "--to", machine.path("back.sqlite"), with: moved)
        #expect(back.status == 0, "\(back.errors)")
        service = try await Service.start(
            on: machine, with: ["KMS_STORE_PATH": machine.path("back.sqlite"), "KMS_AUDIT_PATH": machine.path("audit")])
        #expect(try await service.opens(issued))
        #expect(try await service.opens(later))
        #expect(await service.stop() == 0)
        // The file of before is older than the audit log says.
        await #expect(throws: CommandFailure.self) { try await Service.start(on: machine) }
    }

    @Test func `a store that is not whole is not copied`() async throws {
        let url = try PostgresServer.shared.get().makeDatabase()
        let machine = try await Machine()
        let service = try await Service.start(on: machine)
        #expect(try await service.kms("key", "create", "payroll").status == 0)
        #expect(await service.stop() == 0)
        try await machine.sql("UPDATE document SET revision = revision + 1 WHERE kind = 'key'")
        let refused = try await machine.kms("store", "copy", "--to", url)
        #expect(refused.status == 4 && refused.errors.contains("Nothing was copied"), "\(refused.errors)")
    }

    @Test func `bad places are refused before anything happens, by a clear message`() async throws {
        let url = try PostgresServer.shared.get().makeDatabase()
        let machine = try await Machine(database: url, isReady: false)
        let both = try await machine.kms("store", "probe", with: ["KMS_STORE_PATH": "/tmp/x"])
        #expect(both.status == 2 && both.errors.contains("are both set; a store is in one place"), "\(both.errors)")
        let secret = try await machine.kms("store", "probe", "--store", "postgresql://kms:hunter2@localhost/kms")
        #expect(secret.status == 2 && secret.errors.contains("contains a password"), "\(secret.errors)")
        #expect(!secret.errors.contains("hunter2"))
        let backup = try await machine.kms("backup", "create", machine.path("backup"))
        #expect(backup.status == 2 && backup.errors.contains("use PostgreSQL's own backups"), "\(backup.errors)")
        let audit = try await machine.kms("config", "check", with: ["KMS_AUDIT_PATH": ""])
        #expect(audit.errors.contains("audit.path is not set"), "\(audit.errors)")
        let file = try await Machine(isReady: false).kms("store", "probe", "--store", "/tmp/kms.sqlite")
        #expect(file.errors.contains("this command tests a database"), "\(file.errors)")
    }
}
