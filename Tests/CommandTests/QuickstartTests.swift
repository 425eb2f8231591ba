import Foundation
import KMSTesting
import ServiceTesting
import Testing

/// `scripts/quickstart`, as somebody runs it who has installed the package.
@Suite struct QuickstartTests {
    private static func run(_ arguments: String..., in folder: String) async throws -> Outcome {
        let bin = URL(filePath: Command.product).deletingLastPathComponent().path
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try await Command.run(
            "/usr/bin/env", ["scripts/quickstart"] + arguments, input: Data(),
            environment: ["PATH": "\(bin):\(path)", "TMPDIR": folder])
    }

    @Test func `an installed kms is enough, the output has no escape codes, and nothing is left`() async throws {
        let machine = try await Machine(isReady: false)
        let folder = machine.path("walk")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let outcome = try await Self.run("--installed", in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(!outcome.text.contains("\u{1B}") && !outcome.text.contains("\r"))
        #expect(outcome.text.contains("the file is the same, byte for byte"))
        #expect(outcome.text.split(separator: "\n").count < 150)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test func `what it keeps can be used by a new shell, and by pasting its commands`() async throws {
        let machine = try await Machine(isReady: false)
        let folder = machine.path("walk")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let outcome = try await Self.run("--installed", "--keep", in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = outcome.text.split(separator: "\n").map(String.init)
        let end = try #require(lines.last { $0.hasPrefix("kill ") })
        let source = try #require(lines.last { $0.hasPrefix(". /") })
        // Commands that change nothing, as they were printed.
        let pasted = lines.filter {
            $0.hasPrefix("kms health") || $0.hasPrefix("cmp ") || $0.hasPrefix("kms version list")
        }
        #expect(pasted.count == 4, "\(pasted)")
        let script = """
            set -e
            \(source)
            cd "$QUICKSTART"
            \(pasted.joined(separator: "\n"))
            kms key list
            kms subject list --token-file "$ADMIN_TOKEN_FILE"
            test -s "$AUDIT_PUBLIC_KEY" && test -d "$KMS_AUDIT_PATH" && test -f "$SOFTHSM2_CONF"
            """
        let shell = try await Command.run(
            "/bin/sh", ["-c", script], input: Data(), environment: ["PATH": "/usr/bin:/bin"])
        #expect(shell.status == 0, "\(shell.errors)")
        #expect(shell.text.contains("invoices") && shell.text.contains("manager"), "\(shell.text)")
        let ended = try await Command.run(
            "/bin/sh", ["-c", end], input: Data(), environment: ["PATH": "/usr/bin:/bin"])
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test func `without a kms on the path it says what to do`() async throws {
        let machine = try await Machine(isReady: false)
        let outcome = try await Command.run(
            "/usr/bin/env", ["scripts/quickstart", "--installed"], input: Data(),
            environment: ["PATH": "/usr/bin:/bin", "TMPDIR": machine.folder])
        #expect(outcome.status == 1 && outcome.errors.contains("kms is not on PATH"), "\(outcome.errors)")
    }
}
