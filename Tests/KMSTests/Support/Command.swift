import Foundation
import ThreadExecutor

/// Programs that run to their end.
enum Command {
    /// The product's binary, beside the test bundle.
    static let product: String = {
        let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return bundle.appending(path: "kms").path
    }()

    static func run(
        _ program: String, _ arguments: [String], input: Data, environment: [String: String]
    ) async throws -> Outcome {
        try await onOwnThread("command") {
            let process = Process()
            process.executableURL = URL(filePath: program)
            process.arguments = arguments
            process.environment = environment
            // Files, not pipes: nothing can fill up and wait.
            let folder = FileManager.default.temporaryDirectory.path + "/hsm-kms-command-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            for name in ["in", "out", "err"] {
                _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: name == "in" ? input : nil)
            }
            process.standardInput = try FileHandle(forReadingFrom: URL(filePath: "\(folder)/in"))
            process.standardOutput = try FileHandle(forWritingTo: URL(filePath: "\(folder)/out"))
            process.standardError = try FileHandle(forWritingTo: URL(filePath: "\(folder)/err"))
            try process.run()
            process.waitUntilExit()
            return Outcome(
                status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
                output: try Data(contentsOf: URL(filePath: "\(folder)/out")),
                errors: String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/err")), as: UTF8.self))
        }
    }
}
