import Foundation
import ServiceTesting
import Testing

/// Commands that cannot be undone, with and without a terminal.
@Suite struct ConfirmationTests {
    /// Every command with `--yes`, with arguments that name what the test makes.
    static let commands: [[String]] = [
        ["key", "schedule-deletion", "a"], ["key", "delete", "a"], ["key", "delete-material", "a"],
        ["version", "deactivate", "a", "1"], ["version", "schedule-destruction", "a", "1"],
        ["version", "destroy", "a", "1"], ["key", "grant", "revoke", "a", String(repeating: "0", count: 64)],
        ["subject", "delete", "user"], ["group", "delete", "g"], ["project", "delete", "p"],
        ["role", "revoke", "user", "--project", "default"], ["credential", "revoke", "0123456789abcdef"],
        ["access-key", "delete", "AKIAABCDEFGHIJKLMNOP"], ["root", "retire", "1", "--out", "certificate.json"],
        ["approval", "policy", "reset", "destruction"], ["backup", "restore", "backup"],
        ["ceremony", "run", "plan.yaml"],
    ]

    @Test func `the list is complete`() async throws {
        let declared = try await DeclaredCommand.leaves().filter { $0.command.has("yes") }.map(\.path)
        #expect(!declared.isEmpty)
        for path in declared { #expect(Self.commands.contains { $0.starts(with: path) }, "\(path)") }
    }

    @Test func `without a terminal nothing is sent, unless --yes is given`() async throws {
        // Nothing listens there: a command that sent anything would end with code 5.
        let nowhere = ["KMS_URL": "http://127.0.0.1:1"]
        // The commands that read the configuration first are asked for in their own tests.
        for arguments in Self.commands where !["backup", "ceremony", "approval"].contains(arguments[0]) {
            let outcome = try await Command.run(
                Command.product, arguments, input: Data("a\n".utf8),
                environment: nowhere)
            #expect(outcome.status == 9, "\(arguments): \(outcome.status) \(outcome.errors)")
            #expect(outcome.errors.contains("--yes"), "\(arguments): \(outcome.errors)")
            let confirmed = try await Command.run(
                Command.product, arguments + ["--yes"], input: Data(),
                environment: nowhere)
            #expect(confirmed.status == 5, "\(arguments): \(confirmed.errors)")
        }
    }

    @Test func `on a terminal the impact is shown, and the name confirms`() async throws {
        try await withService { service in
            #expect(try await service.kms("key", "create", "payroll").status == 0)
            #expect(try await service.kms("key", "rotate", "payroll").status == 0)
            #expect(try await service.kms("alias", "set", "pay", "payroll").status == 0)
            let arguments = ["version", "schedule-destruction", "pay", "1"]

            let refused = try await service.onTerminal(arguments, input: "pay\n")
            #expect(refused.status == 9, "\(refused.text)")
            #expect(refused.text.contains("deactivated  pendingDestruction  decrypt"), "\(refused.text)")
            #expect(refused.text.contains("Type 'payroll' to confirm"))
            #expect(try await service.kms("version", "show", "payroll", "1").text.contains("deactivated"))

            let done = try await service.onTerminal(arguments, input: "payroll\n")
            #expect(done.status == 0, "\(done.text)")
            #expect(try await service.kms("version", "show", "payroll", "1").text.contains("pendingDestruction"))
        }
    }

    @Test func `the key that was confirmed is changed, also if its alias meanwhile leads to another one`() async throws
    {
        try await withService { service in
            for name in ["payroll", "other"] {
                #expect(try await service.kms("key", "create", name).status == 0)
                #expect(try await service.kms("key", "rotate", name).status == 0)
            }
            #expect(try await service.kms("alias", "set", "pay", "payroll").status == 0)
            // The person reads the question while somebody moves the alias, and then types the name of the question.
            let shown = service.machine.path("terminal")
            let script = """
                : > "$SHOWN"
                { until grep -q 'to confirm' "$SHOWN"; do sleep 0.05; done
                  "$KMS" alias set pay other >&2; echo payroll
                } | script --quiet --flush --return --command "$KMS version schedule-destruction pay 1" /dev/null > "$SHOWN"
                """
            let outcome = try await Command.run(
                "/bin/sh", ["-c", script], input: Data(),
                environment: service.machine.environment.merging([
                    "KMS": Command.product, "SHOWN": shown, "KMS_URL": service.url, "TERM": "xterm",
                    "KMS_TOKEN_FILE": service.machine.path("credentials/manager.token"),
                ]) { $1 })
            #expect(
                outcome.status == 0, "\(outcome.errors) \((try? String(contentsOfFile: shown, encoding: .utf8)) ?? "")")
            #expect(try await service.kms("alias", "show", "pay", "--json").status == 0)
            #expect(try await service.kms("version", "show", "payroll", "1").text.contains("pendingDestruction"))
            #expect(try await !service.kms("version", "show", "other", "1").text.contains("pendingDestruction"))
        }
    }

    @Test func `the deletion of a subject shows what it has`() async throws {
        try await withService { service in
            #expect(try await service.kms("subject", "create", "ann", as: "admin").status == 0)
            #expect(
                try await service.kms("role", "grant", "user", "ann", "--project", "default", as: "admin").status == 0)
            let out = service.machine.path("ann.token")
            #expect(try await service.kms("credential", "issue", "ann", "--out", out, as: "admin").status == 0)
            let kept = try await service.onTerminal(["subject", "delete", "ann"], input: "no\n", as: "admin")
            #expect(kept.status == 9 && kept.text.contains("default=user"), "\(kept.text)")
            #expect(kept.text.contains(/credentials +1/), "\(kept.text)")
            let gone = try await service.onTerminal(["subject", "delete", "ann"], input: "ann\n", as: "admin")
            #expect(gone.status == 0, "\(gone.text)")
            #expect(try await service.kms("subject", "show", "ann", as: "admin").status == 7)
        }
    }

    @Test func `binary data is not written to a terminal`() async throws {
        try await withService { service in
            #expect(try await service.kms("key", "create", "a").status == 0)
            let file = service.machine.path("c.kms")
            for (plaintext, isShown) in [(Data([0, 1, 2, 255]), false), (Data("text\n".utf8), true)] {
                let encrypted = try await service.kms("encrypt", "a", input: plaintext)
                try encrypted.output.write(to: URL(filePath: file))
                let decrypted = try await service.onTerminal(["decrypt", "--in", file], input: "")
                #expect((decrypted.status == 0) == isShown, "\(decrypted.text)")
                #expect(decrypted.text.contains("--out") != isShown)
            }
        }
    }
}

extension Service {
    /// Runs a command on a pseudo-terminal.
    func onTerminal(
        _ arguments: [String], input: String, as credential: String = "manager", with more: [String: String] = [:]
    ) async throws -> Outcome {
        let own = ["KMS_URL": url, "KMS_TOKEN_FILE": machine.path("credentials/\(credential).token")]
        return try await Command.runOnTerminal(
            arguments, input: input, environment: machine.environment.merging(own) { $1 }.merging(more) { $1 })
    }
}
