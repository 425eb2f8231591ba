package import Foundation
import KMSTesting
import ThreadExecutor

/// The result of a command.
package struct Outcome: Sendable {
    package let status: Int32
    package let output: Data
    package let errors: String

    package var text: String { String(decoding: output, as: UTF8.self) }
}

/// A folder that represents an operator's machine: a SoftHSM token folder, PINs, a store, credentials. It is removed with the
/// value, after the processes started in it were stopped.
package final class Machine: Sendable {
    package let folder: String
    private let token: String
    /// The URL of the store's database; nil if the store is a file.
    package let database: String?

    package static let pin = "user-1234"
    /// The setting by which the PKCS#11 module runs in a process of its own.
    package static let isolated = ["KMS_TOKEN_ISOLATION": "process"]

    /// - Parameters:
    ///   - database: the URL of the store's database; nil for a file, or for a new database if `KMS_TESTS_STORE` is `postgres`.
    ///   - isReady: true to create a token with root keys and a store.
    package init(token: String = "kms", database: String? = nil, isReady: Bool = true) async throws {
        self.token = token
        let isOnPostgres = ProcessInfo.processInfo.environment["KMS_TESTS_STORE"] == "postgres"
        self.database = try database ?? (isOnPostgres ? PostgresServer.shared.get().makeDatabase() : nil)
        folder = FileManager.default.temporaryDirectory.path + "/hsm-kms-machine-\(UUID().uuidString)"
        SoftHSMFolder.make(folder)
        try write(Self.pin, to: "pin")
        try write("officer-5678", to: "so-pin")
        guard isReady else { return }
        try await initializeToken()
        try await succeed("root", "init")
        try await succeed("init", "--credentials", path("credentials"))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    package func path(_ name: String) -> String { "\(folder)/\(name)" }

    package func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path(name)))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path(name))
    }

    package func initializeToken(_ label: String? = nil) async throws {
        try await succeed("token", "init", label ?? token, "--so-pin-source", "file:\(path("so-pin"))")
    }

    /// The environment of the product's commands.
    package var environment: [String: String] {
        let store =
            database.map { ["KMS_STORE_URL": $0, "KMS_AUDIT_PATH": path("audit")] } ?? [
                "KMS_STORE_PATH": path("kms.sqlite")
            ]
        return [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "SOFTHSM2_CONF": path("softhsm2.conf"),
            "KMS_TOKEN_URI":
                "pkcs11:token=\(token)?module-path=\(SoftHSMFolder.modulePath)&pin-source=file:\(path("pin"))",
            // Shorter than the start of another program, so that changes made by a program take effect at the next use.
            "KMS_STORE_RECORD_LEASE": "1ms",
            "KMS_TOKEN_FILE": path("credentials/manager.token"),
        ].merging(store) { $1 }
    }

    /// Runs `kms` to completion.
    @discardableResult
    package func kms(
        _ arguments: String..., input: Data = Data(), with more: [String: String] = [:]
    ) async throws -> Outcome {
        try await Command.run(
            Command.product, arguments, input: input, environment: environment.merging(more) { $1 })
    }

    /// Runs `kms`, which must succeed.
    @discardableResult
    package func succeed(_ arguments: String...) async throws -> Outcome {
        let outcome = try await Command.run(Command.product, arguments, input: Data(), environment: environment)
        guard outcome.status == 0 else {
            throw CommandFailure("kms \(arguments.joined(separator: " ")): \(outcome.status): \(outcome.errors)")
        }
        return outcome
    }

    /// Runs another program, with the same environment.
    package func run(_ program: String, _ arguments: String...) async throws -> Outcome {
        try await Command.run("/usr/bin/env", [program] + arguments, input: Data(), environment: environment)
    }

    /// Changes the store without the service's knowledge.
    package func sql(_ statement: String) async throws {
        let outcome = try await run("sqlite3", "-cmd", ".timeout 5000", path("kms.sqlite"), statement)
        guard outcome.status == 0 else { throw CommandFailure("sqlite3: \(outcome.errors)") }
    }
}

package struct CommandFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
