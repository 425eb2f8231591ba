import Foundation
import KMSTesting
import ServiceTesting
import Synchronization
import Testing

/// Backups of the real service, made while it runs, and restored.
@Suite struct BackupCommandTests {
    /// The answers that a load has received.
    private final class Answers: Sendable {
        private let issued = Mutex<[IssuedDataKey]>([])
        private let over = Mutex(false)

        var all: [IssuedDataKey] { issued.withLock { $0 } }
        var isOver: Bool { over.withLock { $0 } }
        func add(_ one: IssuedDataKey) { issued.withLock { $0.append(one) } }
        func end() { over.withLock { $0 = true } }
    }

    private func work(_ client: Int, on service: Service, _ answers: Answers) async throws {
        while !answers.isOver {
            answers.add(try await service.issue("k\(client % 4)"))
            _ = try await service.request("POST", "/keys/k\(client % 4)/rotate")
            _ = try await service.request("POST", "/keys", #"{"name":"n\#(UUID())"}"#)
        }
    }

    /// Returns a machine with one key, and a backup of it.
    private func machineWithBackup() async throws -> (machine: Machine, backup: String, issued: IssuedDataKey) {
        let machine = try await Machine()
        let service = try await Service.start(on: machine)
        #expect(try await service.request("POST", "/keys", #"{"name":"a"}"#).status == 201)
        let issued = try await service.issue("a")
        let backup = machine.path("backup")
        try await machine.succeed("backup", "create", backup)
        await service.stop()
        return (machine, backup, issued)
    }

    @Test func `made under load, it opens on another machine with all that was acknowledged before`() async throws {
        let machine = try await Machine()
        let service = try await Service.start(on: machine)
        for number in 0..<4 { _ = try await service.request("POST", "/keys", #"{"name":"k\#(number)"}"#) }
        let answers = Answers()
        async let load: Void = withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<8 {
                group.addTask { try await self.work(client, on: service, answers) }
            }
            try await group.waitForAll()
        }
        while answers.all.count < 60 { try await Task.sleep(for: .milliseconds(5)) }
        let before = answers.all
        let created = try await machine.kms("backup", "create", machine.path("b"), "--json")
        answers.end()
        try await load
        #expect(created.status == 0 && created.errors.isEmpty, "\(created.errors)")
        try machine.write(try await machine.succeed("audit", "public-key").text, to: "audit.pem")
        await service.stop()
        let verified = try await machine.kms(
            "backup", "verify", machine.path("b"), "--public-key", machine.path("audit.pem"), "--token")
        #expect(verified.status == 0 && verified.text.contains("whole"), "\(verified.text) \(verified.errors)")

        // Another machine: the token, and nothing else.
        let other = try await Machine(isReady: false)
        try FileManager.default.removeItem(atPath: other.path("tokens"))
        try FileManager.default.copyItem(atPath: machine.path("tokens"), toPath: other.path("tokens"))
        try FileManager.default.copyItem(atPath: machine.path("credentials"), toPath: other.path("credentials"))
        let restored = try await other.kms("backup", "restore", machine.path("b"), "--yes")
        #expect(restored.status == 0, "\(restored.text) \(restored.errors)")
        let restoredService = try await Service.start(on: other)
        for one in before { #expect(try await restoredService.opens(one)) }
        _ = try await restoredService.issue("k0")
        #expect(await restoredService.stop() == 0)
        let chain = try await other.kms("audit", "verify", "--public-key", machine.path("audit.pem"))
        #expect(chain.status == 0, "\(chain.text)")
    }

    @Test func `going back tells what is undone, and goes on in the same chain`() async throws {
        let (machine, backup, issued) = try await machineWithBackup()
        var service = try await Service.start(on: machine)
        _ = try await service.request("POST", "/keys/a/rotate")
        let destroyed = try await service.request(
            "POST", "/keys/a/versions/1/schedule-destruction", #"{"days":7}"#)
        #expect(destroyed.status == 200, "\(destroyed.text)")
        _ = try await service.request("POST", "/keys", #"{"name":"later"}"#)
        let lost = try await service.issue("later")
        let refused = try await machine.kms("backup", "restore", backup, "--yes")
        #expect(refused.status == 8 && refused.errors.contains("stop it first"), "\(refused.errors)")
        await service.stop()
        let store = try Data(contentsOf: URL(filePath: machine.path("kms.sqlite")))
        let dry = try await machine.kms("backup", "restore", backup, "--dry-run")
        #expect(dry.status == 0, "\(dry.errors)")
        #expect(dry.text.contains("key later was made since"))
        #expect(dry.text.contains("version 2 of key a was made since"))
        #expect(dry.text.contains("version 1 of key a: pendingDestruction, was active"))
        #expect(try Data(contentsOf: URL(filePath: machine.path("kms.sqlite"))) == store)
        let unasked = try await machine.kms("backup", "restore", backup)
        #expect(unasked.status == 9 && unasked.errors.contains("nothing was changed"))
        #expect(try Data(contentsOf: URL(filePath: machine.path("kms.sqlite"))) == store)
        let restored = try await machine.kms("backup", "restore", backup, "--yes")
        #expect(restored.status == 0 && restored.errors.contains("before-restore"), "\(restored.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: machine.folder)
        let aside = try #require(names.first { $0.firstMatch(of: /before-restore-\w+$/) != nil })
        let kept = try await machine.run(
            "sqlite3", machine.path(aside),
            "SELECT count(*) FROM document WHERE name = CAST('ndefault' || x'00' || 'later' AS BLOB)")
        #expect(kept.text == "1\n", "\(kept.errors)")
        service = try await Service.start(on: machine)
        #expect(try await service.opens(issued))
        #expect(try await !service.opens(lost))
        #expect(await service.stop() == 0)
        try machine.write(try await machine.succeed("audit", "public-key").text, to: "audit.pem")
        let chain = try await machine.kms("audit", "verify", "--public-key", machine.path("audit.pem"))
        #expect(chain.status == 0, "\(chain.text)")
        let accepted = try await machine.kms("audit", "search", "--verb", "acceptOlderStore")
        #expect(accepted.text.contains("acceptOlderStore"), "\(accepted.text) \(accepted.errors)")
    }

    @Test func `a version that was destroyed since comes back, and is told so`() async throws {
        let machine = try await Machine()
        let service = try await Service.start(on: machine, with: ["KMS_KEYS_LEAST_DESTRUCTION_DAYS": "0"])
        _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
        _ = try await service.request("POST", "/keys/a/rotate")
        try await machine.succeed("backup", "create", machine.path("b"))
        _ = try await service.request("POST", "/keys/a/versions/1/schedule-destruction", #"{"days":0}"#)
        let destroyed = try await service.request("POST", "/keys/a/versions/1/destroy")
        #expect(destroyed.status == 200, "\(destroyed.text)")
        await service.stop()
        let dry = try await machine.kms("backup", "restore", machine.path("b"), "--dry-run")
        #expect(
            dry.text.contains("COMES BACK") && dry.text.contains("version 1 of key a was destroyed since"),
            "\(dry.text)")
    }

    @Test func `a change of any file, a missing one and one too many are found`() async throws {
        let (machine, backup, _) = try await machineWithBackup()
        #expect(try await machine.kms("backup", "verify", backup).status == 0)
        let files = try FileManager.default.subpathsOfDirectory(atPath: backup).filter { $0.contains(".") }
        #expect(files.count >= 3)
        for file in files {
            let url = URL(filePath: "\(backup)/\(file)")
            let whole = try Data(contentsOf: url)
            var changed = whole
            changed[changed.count / 2] ^= 1
            for damaged in [changed, whole.dropLast(7)] {
                try damaged.write(to: url)
                let found = try await machine.kms("backup", "verify", backup)
                #expect(found.status == 4 && !found.errors.isEmpty, "\(file): \(found.text)")
            }
            try whole.write(to: url)
        }
        try FileManager.default.moveItem(atPath: "\(backup)/store.sqlite", toPath: machine.path("away"))
        #expect(try await machine.kms("backup", "verify", backup).errors.contains("the file is missing"))
        try FileManager.default.moveItem(atPath: machine.path("away"), toPath: "\(backup)/store.sqlite")
        try machine.write("more", to: "backup/more.txt")
        #expect(try await machine.kms("backup", "verify", backup).errors.contains("does not have this file"))
    }

    @Test func `another token's backup is refused, and nothing is overwritten`() async throws {
        let (machine, backup, _) = try await machineWithBackup()
        let again = try await machine.kms("backup", "create", backup)
        #expect(again.status == 2 && again.errors.contains("not overwritten"))
        let other = try await Machine()
        let store = try Data(contentsOf: URL(filePath: other.path("kms.sqlite")))
        for arguments in [["verify", backup, "--token"], ["restore", backup, "--yes"]] {
            let refused = try await Command.run(
                Command.product, ["backup"] + arguments, input: Data(), environment: other.environment)
            #expect(refused.status == 4 && refused.errors.contains("belongs to token"), "\(refused.errors)")
        }
        #expect(try Data(contentsOf: URL(filePath: other.path("kms.sqlite"))) == store)
    }

    @Test func `a seal that was made up is found in the token`() async throws {
        let (machine, _, _) = try await machineWithBackup()
        try await machine.sql("UPDATE document SET seal = randomblob(32) WHERE kind = 'key'")
        try await machine.succeed("backup", "create", machine.path("b2"))
        #expect(try await machine.kms("backup", "verify", machine.path("b2")).status == 0)
        let found = try await machine.kms("backup", "verify", machine.path("b2"), "--token")
        #expect(found.status == 4 && found.errors.contains("not what was sealed"), "\(found.errors)")
        #expect(try await machine.kms("backup", "restore", machine.path("b2"), "--yes").status == 4)
    }

    @Test func `a backup that does not fit on the disk is not there`() async throws {
        let (machine, _, _) = try await machineWithBackup()
        // No file of the process may be longer than 64 KiB.
        let outcome = try await machine.run(
            "bash", "-c",
            "ulimit -f 64; trap '' XFSZ; exec '\(Command.product)' backup create '\(machine.path("full"))'")
        #expect(outcome.status == 4, "\(outcome.status) \(outcome.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: machine.folder)
        #expect(!names.contains { $0.hasPrefix("full") }, "\(names)")
        #expect(try await machine.kms("backup", "create", machine.path("full")).status == 0)
    }
}
