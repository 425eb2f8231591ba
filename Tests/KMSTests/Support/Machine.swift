import Foundation
import KMSTesting
import ThreadExecutor

/// The result of a command.
struct Outcome: Sendable {
    let status: Int32
    let output: Data
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
}

/// A folder that represents an operator's machine: a SoftHSM token folder, PINs, a store, credentials. It is removed with the
/// value, after the processes started in it were stopped.
final class Machine: Sendable {
    let folder: String
    private let token: String

    static let pin = "user-1234"

    /// - Parameter isReady: true to create a token with root keys and a store.
    init(token: String = "kms", isReady: Bool = true) async throws {
        self.token = token
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

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path(name)))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path(name))
    }

    func initializeToken(_ label: String? = nil) async throws {
        try await succeed("token", "init", label ?? token, "--so-pin-source", "file:\(path("so-pin"))")
    }

    /// The environment of the product's commands.
    var environment: [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "SOFTHSM2_CONF": path("softhsm2.conf"),
            "KMS_TOKEN_URI":
                "pkcs11:token=\(token)?module-path=\(SoftHSMFolder.modulePath)&pin-source=file:\(path("pin"))",
            "KMS_STORE_PATH": path("kms.sqlite"),
            // Shorter than the start of another program, so that changes made by a program take effect at the next use.
            "KMS_STORE_RECORD_LEASE": "1ms",
            "KMS_TOKEN_FILE": path("credentials/manager.token"),
        ]
    }

    /// Runs `kms` to completion.
    @discardableResult
    func kms(
        _ arguments: String..., input: Data = Data(), with more: [String: String] = [:]
    ) async throws -> Outcome {
        try await Command.run(
            Command.product, arguments, input: input, environment: environment.merging(more) { $1 })
    }

    /// Runs `kms`, which must succeed.
    @discardableResult
    func succeed(_ arguments: String...) async throws -> Outcome {
        let outcome = try await Command.run(Command.product, arguments, input: Data(), environment: environment)
        guard outcome.status == 0 else {
            throw CommandFailure("kms \(arguments.joined(separator: " ")): \(outcome.status): \(outcome.errors)")
        }
        return outcome
    }

    /// Runs another program, with the same environment.
    func run(_ program: String, _ arguments: String...) async throws -> Outcome {
        try await Command.run("/usr/bin/env", [program] + arguments, input: Data(), environment: environment)
    }

    /// Changes the store without the service's knowledge.
    func sql(_ statement: String) async throws {
        let outcome = try await run("sqlite3", "-cmd", ".timeout 5000", path("kms.sqlite"), statement)
        guard outcome.status == 0 else { throw CommandFailure("sqlite3: \(outcome.errors)") }
    }
}

struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
