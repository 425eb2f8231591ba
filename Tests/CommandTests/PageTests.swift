import Foundation
import ServiceTesting
import Testing

/// The pages whose commands a reader enters: each command is run, and its output compared with the page, by `scripts/walk`.
@Suite(.timeLimit(.minutes(5))) struct PageTests {
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardized.path

    @Test(arguments: ["README.md", "Sources/kms/kms.docc/FirstDay.md", "Sources/kms/kms.docc/Tour.md"])
    func `every command of a page prints what the page shows`(page: String) async throws {
        let outcome = try await walk("--kms", Command.product, "\(Self.root)/\(page)")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.text.contains("all as shown"))
    }

    @Test func `volatile output matches any other of its kind, and an ellipsis matches any text`() async throws {
        let outcome = try await walk(
            page: """
                ```console
                $ echo "2026-11-30T21:44:46.421Z 4757493c-d562-4b14-9e90-43fd3f26d233  at 127.0.0.1:4711"
                1999-01-01T00:00:00Z 00000000-0000-0000-0000-000000000000     at 127.0.0.1:1
                $ printf 'a\\nb\\nc\\nthe end\\n'
                a
                …
                the …
                $ echo a very long \\
                    command
                a very long command
                ```
                """)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test(arguments: [
        ("$ echo wrong\nright", "page.md:2: $ echo wrong", "differs at line 3 of the page"),
        ("$ printf 'a\\nb\\n'\na", "printf", "differs at the end of the output"),
        ("$ echo a\na\nb", "echo a", "differs at line 4 of the page"),
        ("$ false", "$ false", "failed with exit code 1, and the page shows no message"),
        ("$ false\n…", "$ false", "failed with exit code 1, and the page shows no message"),
    ])
    func `a page that shows something else is found, with the line and both outputs`(
        _ lines: String, _ command: String, _ difference: String
    ) async throws {
        let outcome = try await walk(page: "```console\n\(lines)\n```\n")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(command))
        #expect(outcome.errors.contains(difference))
    }

    /// Runs the commands of a page that need no service.
    private func walk(page: String) async throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.path + "/hsm-kms-page-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(page.utf8).write(to: URL(filePath: "\(folder)/page.md"))
        return try await walk("--env", "/dev/null", "\(folder)/page.md")
    }

    private func walk(_ arguments: String...) async throws -> Outcome {
        try await Command.run(
            "/usr/bin/env", ["python3", "\(Self.root)/scripts/walk"] + arguments, input: Data(),
            environment: ProcessInfo.processInfo.environment)
    }
}
