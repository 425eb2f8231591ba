import CFuzz
import Foundation
import Testing

/// The settings that `scripts/fuzz` passes in the environment.
private enum FuzzRun {
    /// The name of the target.
    static let target = variable("KMS_FUZZ_TARGET")
    /// libFuzzer's options, separated by spaces.
    static let options = variable("KMS_FUZZ_OPTIONS")
    /// The folder in which the corpora are collected.
    static let seeds = variable("KMS_FUZZ_SEEDS")

    /// Set once, before libFuzzer calls back on the same thread.
    nonisolated(unsafe) static var chosen: FuzzTarget?

    private static func variable(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}

/// One target under libFuzzer, for `scripts/fuzz` only.
@Suite struct LibFuzzerTests {
    @Test(.enabled(if: FuzzRun.target != nil && FuzzRun.seeds == nil && fuzz_is_available() != 0))
    func `libFuzzer finds nothing, and ends the process`() throws {
        let target = try #require(FuzzTarget.all.first { $0.name == FuzzRun.target }, "no such target")
        FuzzRun.chosen = target
        let options = (FuzzRun.options ?? "").split(separator: " ").map(String.init)
        let arguments = ["fuzz", "-max_len=\(target.maxLength)"] + options
        // libFuzzer keeps the arguments until the process ends.
        var copies: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        copies.withUnsafeMutableBufferPointer { buffer in
            fuzz_run(Int32(arguments.count), buffer.baseAddress) { bytes, count in
                do {
                    try FuzzRun.chosen?.check([UInt8](UnsafeBufferPointer(start: bytes, count: count)))
                } catch {
                    fatalError("broken: \(error)")
                }
                return 0
            }
        }
    }

    @Test(.enabled(if: FuzzRun.seeds != nil)) func `the seeds of every target are written`() throws {
        let folder = URL(filePath: FuzzRun.seeds ?? "")
        for target in FuzzTarget.all {
            let own = folder.appending(path: target.name)
            try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
            for (number, seed) in try target.seeds().enumerated() {
                try Data(seed).write(to: own.appending(path: "seed-\(number)"))
            }
        }
    }
}
