package import Foundation
import KMSTesting
import ThreadExecutor

/// Programs that run to completion.
package enum Command {
    /// The product's binary, next to the test bundle.
    package static let product: String = {
        let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return bundle.appending(path: "kms").path
    }()

    package static func run(
        _ program: String, _ arguments: [String], input: Data, environment: [String: String]
    ) async throws -> Outcome {
        try await onOwnThread("command") {
            // Files, not pipes, because pipes can fill up and block.
            let folder = FileManager.default.temporaryDirectory.path + "/hsm-kms-command-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try input.write(to: URL(filePath: "\(folder)/in"))
            let child = try ChildProcess(
                program, arguments, environment: environment, input: "\(folder)/in", output: "\(folder)/out",
                errors: "\(folder)/err")
            return Outcome(
                status: child.wait(),
                output: try Data(contentsOf: URL(filePath: "\(folder)/out")),
                errors: String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/err")), as: UTF8.self))
        }
    }

    /// Runs the product with its standard input, output and errors on a pseudo-terminal, by `script` (util-linux).
    ///
    /// - Parameter input: what a person types.
    package static func runOnTerminal(
        _ arguments: [String], input: String, environment: [String: String]
    ) async throws -> Outcome {
        let words = ([product] + arguments).map { "'\($0)'" }.joined(separator: " ")
        return try await run(
            "/usr/bin/script", ["--quiet", "--return", "--command", words, "/dev/null"], input: Data(input.utf8),
            environment: ["TERM": "xterm"].merging(environment) { $1 })
    }
}
