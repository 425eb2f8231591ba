import Foundation
import ServiceTesting
import Testing

/// Options that would have no effect on a command are unknown to it.
@Suite struct ApplicableOptionTests {
    /// The commands about the platform, for which a project has no meaning.
    static let platform: [[String]] = [
        ["credential", "list", "a"], ["credential", "revoke", "0"],
        ["access-key", "create", "a"], ["access-key", "list", "a"], ["access-key", "disable", "a"],
        ["access-key", "enable", "a"], ["access-key", "delete", "a"], ["subject", "create", "a"], ["subject", "list"],
        ["subject", "show", "a"], ["subject", "update", "a"], ["subject", "delete", "a", "--yes"],
        ["group", "create", "a"],
        ["group", "list"], ["group", "show", "a"], ["group", "member", "list", "a"],
        ["group", "member", "add", "a", "b"],
        ["group", "member", "remove", "a", "b"], ["group", "update", "a", "--description", "d"],
        ["group", "delete", "a"],
        ["project", "create", "a"], ["project", "list"], ["project", "show", "a"], ["project", "update", "a"],
        ["project", "delete", "a"], ["subject", "enable", "a"], ["subject", "disable", "a"], ["root", "list"],
        ["root", "rotate"], ["root", "retire", "1", "--out", "x"],
        ["root", "certificate", "1", "--out", "x"], ["store", "verify"], ["custody", "report", "--out", "x"],
        ["approval", "list"], ["approval", "show", "0"], ["approval", "approve", "0"], ["approval", "reject", "0"],
        ["approval", "policy", "list"], ["approval", "policy", "set", "root-retire", "--required", "0"], ["health"],
    ]

    /// The options that the command does not have, because each would silently have no effect.
    static let others: [[String]] = [
        ["encrypt", "a", "--approval", "0"], ["key", "list", "--approval", "0"],
        ["subject", "list", "--approval", "0"],
        ["health", "--token-file", "x"], ["token", "list", "--store", "x"], ["token", "probe", "--store", "x"],
        ["root", "init", "--store", "x"], ["root", "show", "--store", "x"], ["audit", "init", "--store", "x"],
        ["audit", "tail", "--token-uri", "x"], ["audit", "search", "--token-uri", "x"],
        ["audit", "verify", "--public-key", "x", "--token-uri", "x"], ["backup", "create", "x", "--token-uri", "x"],
    ]

    @Test func `are refused before anything is done`() async throws {
        let machine = try await Machine(isReady: false)
        for arguments in Self.platform.map({ $0 + ["--project", "shop"] }) + Self.others {
            let outcome = try await Command.run(
                Command.product, arguments, input: Data(), environment: machine.environment)
            #expect(outcome.status == 64, "\(arguments): \(outcome.status) \(outcome.errors)")
            #expect(outcome.errors.contains("Unknown option"), "\(arguments): \(outcome.errors)")
        }
    }

    @Test func `those of one way to do it are refused with the other`() async throws {
        let machine = try await Machine(isReady: false)
        for arguments in [
            ["encrypt", "--public-key", "x", "--project", "shop"], ["encrypt", "--public-key", "x", "--json"],
            ["verify", "--public-key", "x", "--signature", "x", "--version", "1"],
            ["verify", "--public-key", "x", "--signature", "x", "--timeout", "3"],
            ["key", "grant", "create", "a", "*", "--action", "decrypt", "--allows-more-context"],
            ["audit", "tail", "--dir", "x", "--store", "y"], ["backup", "verify", "x", "--store", "y"],
        ] {
            let outcome = try await Command.run(
                Command.product, arguments, input: Data("x".utf8), environment: machine.environment)
            #expect(outcome.status == 9, "\(arguments): \(outcome.status) \(outcome.errors)")
        }
    }

    @Test func `a credential can be limited to one project`() async throws {
        try await withService { service in
            let out = service.machine.path("limited.token")
            let issued = try await service.kms(
                "credential", "issue", "manager", "--project", "default", "--out", out, "--wide", as: "admin")
            #expect(issued.status == 0 && issued.text.contains("default"), "\(issued.errors)")
            let credentials = try await service.kms("credential", "list", "manager", "--json", as: "admin")
            #expect(credentials.text.contains(#""project" : "default""#))
        }
    }
}
