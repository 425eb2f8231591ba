import Foundation
import ServiceTesting
import Testing

/// The rules that every command keeps, checked on the declarations of the program itself.
@Suite struct CommandGrammarTests {
    /// The commands whose output is a stream of data, or which have no answer.
    static let withoutJSON: Set<String> = [
        "serve", "file encrypt", "file decrypt", "file re-encrypt", "completion", "ceremony combine",
    ]

    @Test func `every command has --json, but those that write data`() async throws {
        for (path, command) in try await DeclaredCommand.leaves() {
            let name = path.joined(separator: " ")
            #expect(command.has("json") != Self.withoutJSON.contains(name), "\(name)")
        }
    }

    @Test func `every command has an abstract under 60 characters and an example`() async throws {
        for (path, command) in try await DeclaredCommand.leaves() {
            let name = path.joined(separator: " ")
            let abstract = try #require(command.abstract, "\(name)")
            #expect(abstract.count < 60 && abstract.hasSuffix("."), "\(name): \(abstract)")
            #expect((command.discussion ?? "").contains("Example: "), "\(name) has no example")
        }
    }

    @Test func `an example begins with the command that it explains`() async throws {
        for (path, command) in try await DeclaredCommand.leaves() {
            let name = (["kms"] + path).joined(separator: " ")
            let examples = (command.discussion ?? "").split(separator: "\n").filter { $0.contains("Example: ") }
            #expect(examples.contains { $0.contains(name) }, "\(name): \(examples)")
        }
    }

    @Test func `an example can be pasted from a terminal of 80 columns`() async throws {
        for (path, command) in try await DeclaredCommand.leaves() {
            for line in (command.discussion ?? "").split(separator: "\n")
            where line.contains("Example: ") || line.hasPrefix("    ") {
                #expect(line.count <= 80, "\(path.joined(separator: " ")): \(line)")
            }
        }
    }

    @Test func `no help text speaks in riddles`() async throws {
        let riddle = /\b(somebody|nobody|whoever|there is none|not any more|has to be|is the standard|else the)\b/
        for (path, command) in try await DeclaredCommand.leaves() {
            for text in [command.abstract, command.discussion].compactMap(\.self)
                + (command.arguments ?? []).filter(\.shouldDisplay).compactMap(\.abstract)
            {
                #expect(text.firstMatch(of: riddle) == nil, "\(path.joined(separator: " ")): \(text)")
            }
        }
    }

    /// Each command under an earlier name or in an earlier form, and its present form. Placeholders need no service.
    static let renamed: [(old: [String], new: [String])] = [
        (["key", "versions", "a"], ["version", "list", "a"]),
        (["data-key", "a", "--without-plaintext"], ["data-key", "create", "a", "--without-plaintext"]),
        (
            ["data-key-pair", "a", "--algorithm", "EC-P256"],
            ["data-key-pair", "create", "a", "--algorithm", "EC-P256"]
        ),
        (["public-key", "a"], ["public-key", "show", "a"]),
        (["service-key"], ["service-key", "ensure"]),
        (["group", "members", "g"], ["group", "member", "list", "g"]),
        (["group", "add", "g", "s"], ["group", "member", "add", "g", "s"]),
        (["group", "remove", "g", "s"], ["group", "member", "remove", "g", "s"]),
        (["role", "list", "default"], ["role", "list", "--project", "default"]),
        (["role", "grant", "user", "s", "--in", "default"], ["role", "grant", "user", "s", "--project", "default"]),
        (["key", "access", "on", "a"], ["key", "access", "enable", "a"]),
        (["key", "access", "off", "a"], ["key", "access", "disable", "a"]),
        (["alias", "list", "--key", "a"], ["alias", "list", "a"]),
        (["decrypt", "--key", "a"], ["decrypt", "a"]),
        (["approval", "policy", "show"], ["approval", "policy", "list"]),
        (["subject", "update", "s", "--disable-access"], ["subject", "disable", "s"]),
        (
            ["credential", "issue", "s", "--scope", "p", "--out", "x"],
            ["credential", "issue", "s", "--project", "p", "--out", "x"]
        ),
    ]

    @Test func `renamed commands still work, with a note`() async throws {
        try await withService { service in
            #expect(try await service.kms("key", "create", "a").status == 0)
            let credential = service.machine.path("credentials/admin.token")
            for (old, new) in Self.renamed {
                let (first, second) = (
                    try await run(old, service, credential), try await run(new, service, credential)
                )
                #expect(first.status == second.status, "\(old): \(first.errors)")
                #expect(first.errors.contains("kms: note: "), "\(old): \(first.errors)")
                #expect(!second.errors.contains("kms: note: "), "\(new): \(second.errors)")
            }
        }
    }

    private func run(_ arguments: [String], _ service: Service, _ credential: String) async throws -> Outcome {
        // Each starts from the same state: the subject and the group exist, and the files do not.
        for setUp in [["subject", "create", "s"], ["group", "create", "g"], ["project", "create", "p"]] {
            _ = try await command(setUp, service, credential)
        }
        try? FileManager.default.removeItem(atPath: service.machine.path("x"))
        return try await command(
            arguments.map { $0 == "x" ? service.machine.path("x") : $0 }, service, credential,
            input: Data("kms:1:AAAA".utf8))
    }

    private func command(
        _ arguments: [String], _ service: Service, _ credential: String, input: Data = Data()
    ) async throws -> Outcome {
        let more = ["KMS_URL": service.url, "KMS_TOKEN_FILE": credential]
        return try await Command.run(
            Command.product, arguments, input: input, environment: service.machine.environment.merging(more) { $1 })
    }
}
