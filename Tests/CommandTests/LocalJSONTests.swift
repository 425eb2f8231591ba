import Foundation
import KMSTesting
import ServiceTesting
import Testing

/// The JSON of commands that is not the API's, compared with the page that documents it.
@Suite struct LocalJSONTests {
    /// The members that the page names for a command; those with a remark in parentheses may be missing.
    private struct Shape {
        var required: Set<String> = []
        var optional: Set<String> = []
    }

    /// Reads the table of `Scripting.md`.
    private static func shapes() throws -> [String: Shape] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "Sources/kms/kms.docc/Scripting.md"), encoding: .utf8)
        var shapes: [String: Shape] = [:]
        for line in page.split(separator: "\n") where line.hasPrefix("| `") && !line.hasPrefix("| `--") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            var shape = Shape()
            for member in cells[1].matches(of: /`(\w+)`( \()?/) {
                if member.2 == nil {
                    shape.required.insert(String(member.1))
                } else {
                    shape.optional.insert(String(member.1))
                }
            }
            for command in cells[0].matches(of: /`([a-z -]+)`/) { shapes[String(command.1)] = shape }
        }
        return shapes
    }

    @Test func `is as the page says`() async throws {
        let fresh = try await Machine(isReady: false)
        var outputs: [String: Data] = [:]
        func note(_ command: String, _ outcome: Outcome) {
            #expect(outcome.status == 0, "\(command): \(outcome.errors)")
            outputs[command] = outcome.output
        }
        note(
            "token init",
            try await fresh.kms("token", "init", "kms", "--so-pin-source", "file:\(fresh.path("so-pin"))", "--json"))
        note("root init", try await fresh.kms("root", "init", "--json"))
        note("init", try await fresh.kms("init", "--credentials", fresh.path("credentials"), "--json"))
        note("token probe", try await fresh.kms("token", "probe", "--json"))
        note("root show", try await fresh.kms("root", "show", "--json"))
        note("audit public-key", try await fresh.kms("audit", "public-key", "--json"))
        note("context list", try await fresh.kms("context", "list", "--json", with: ["HOME": fresh.folder]))
        let pem = try await fresh.kms("audit", "public-key", "--out", fresh.path("audit.pem"))
        #expect(pem.status == 0)
        try await withService(on: fresh) { service in
            #expect(try await service.kms("key", "create", "a").status == 0)
            note("health", try await service.kms("health", "--json"))
            note("store verify", try await service.kms("store", "verify", "--json", as: "admin"))
            let report = fresh.path("custody.json")
            note("custody report", try await service.kms("custody", "report", "--out", report, "--json", as: "admin"))
            note(
                "custody verify",
                try await fresh.kms("custody", "verify", report, "--audit-key", fresh.path("audit.pem"), "--json"))
        }
        note("audit verify", try await fresh.kms("audit", "verify", "--public-key", fresh.path("audit.pem"), "--json"))
        let database = ["KMS_STORE_PATH": "", "KMS_STORE_URL": try PostgresServer.shared.get().makeDatabase()]
        note("store probe", try await fresh.kms("store", "probe", "--json", with: database))
        note("store sql", try await fresh.kms("store", "sql", "--json"))
        note("store migrate", try await fresh.kms("store", "migrate", "--json"))
        note("store copy", try await fresh.kms("store", "copy", "--to", fresh.path("copy.sqlite"), "--json"))
        let backup = fresh.path("backup")
        note("backup create", try await fresh.kms("backup", "create", backup, "--json"))
        note("backup verify", try await fresh.kms("backup", "verify", backup, "--json"))
        note("backup restore", try await fresh.kms("backup", "restore", backup, "--dry-run", "--json"))

        for (command, shape) in try Self.shapes() where command != "token list" && command != "config check" {
            let output = try #require(outputs[command], "\(command) is not tried")
            let object = try #require(try JSONSerialization.jsonObject(with: output) as? [String: Any], "\(command)")
            let members = Set(object.keys)
            #expect(shape.required.subtracting(members) == [], "\(command)")
            #expect(members.subtracting(shape.required).subtracting(shape.optional) == [], "\(command)")
        }
        let tokens = try await fresh.kms("token", "list", "--json")
        let list = try #require(try JSONSerialization.jsonObject(with: tokens.output) as? [[String: Any]])
        #expect(Set(try #require(list.first).keys) == (try Self.shapes()["token init"])?.required)
        let settings = try await fresh.kms("config", "check", "--json")
        let object = try #require(
            try JSONSerialization.jsonObject(with: settings.output) as? [String: [String: String]])
        #expect(object["token.uri"].map { Set($0.keys) } == ["value", "origin"])
    }
}
