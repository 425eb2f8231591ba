import Foundation
import ServiceTesting

/// A command of the program, as its own declarations describe it.
struct DeclaredCommand: Decodable {
    struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }

        let kind: String
        let names: [Name]?
        let abstract: String?
        let shouldDisplay: Bool
        let isOptional: Bool
    }

    let commandName: String
    let abstract: String?
    let discussion: String?
    let shouldDisplay: Bool
    let arguments: [Argument]?
    let subcommands: [DeclaredCommand]?

    func has(_ option: String) -> Bool {
        (arguments ?? []).contains { ($0.names ?? []).contains { $0.name == option } }
    }

    /// The commands without subcommands, with their words after `kms`; hidden ones are left out.
    static func leaves() async throws -> [(path: [String], command: DeclaredCommand)] {
        struct Dump: Decodable {
            let command: DeclaredCommand
        }
        let outcome = try await Command.run(
            Command.product, ["--experimental-dump-help"], input: Data(), environment: [:])
        let root = try JSONDecoder().decode(Dump.self, from: outcome.output).command
        return root.leaves([])
    }

    private func leaves(_ path: [String]) -> [(path: [String], command: DeclaredCommand)] {
        let shown = (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
        guard !shown.isEmpty else { return [(path, self)] }
        return shown.flatMap { $0.leaves(path + [$0.commandName]) }
    }
}
