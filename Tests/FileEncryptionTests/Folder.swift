import Foundation
import KeyManagement
import ThreadExecutor

@testable import FileEncryption

/// A temporary folder, and files that pass through it as through a program: from a file or a pipe, to a file or a pipe.
final class Folder: Sendable {
    private let path = FileManager.default.temporaryDirectory.path + "/hsm-kms-file-\(UUID().uuidString)"

    init() throws {
        // A reader that closes a pipe early must not end the tests.
        signal(SIGPIPE, SIG_IGN)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The kind of descriptor at one end.
    enum End: CaseIterable {
        case file
        case pipe
    }

    /// The output, and the failure that ended it.
    struct Result: Sendable {
        let output: [UInt8]
        let failure: FileEncryptionError?
    }

    /// Passes a file to `work`, and returns its output.
    func run(
        _ input: [UInt8], from source: End = .file, to target: End = .file,
        _ work: @escaping @Sendable (FileInput, FileOutput) throws(FileEncryptionError) -> Void
    ) async throws -> Result {
        let (inputPath, outputPath) = ("\(path)/\(UUID().uuidString)", "\(path)/\(UUID().uuidString)")
        try Data(input).write(to: URL(filePath: inputPath))
        let file = open(inputPath, O_RDONLY)
        let sink = open(outputPath, O_RDWR | O_CREAT, 0o600)
        defer { for descriptor in [file, sink] { close(descriptor) } }
        let failure = await onOwnThread("folder") { () -> FileEncryptionError? in
            let reading = source == .pipe ? Pump(from: file) : nil
            let writing = target == .pipe ? Pump(to: sink) : nil
            let input = FileInput(descriptor: reading?.near ?? file, name: "the input")
            let output =
                writing.map { FileOutput.stream($0.near, name: "the output") } ?? .newFile(sink, name: "the output")
            var failure: FileEncryptionError?
            do throws(FileEncryptionError) { try work(input, output) } catch { failure = error }
            reading?.end()
            writing?.end()
            return failure
        }
        return Result(output: Array(try Data(contentsOf: URL(filePath: outputPath))), failure: failure)
    }
}

/// A pipe, and a thread that copies at its other end, in odd lengths.
private final class Pump: Sendable {
    /// The end that the tested code uses.
    let near: Int32
    private let done = Monitor(false)

    init(from file: Int32) {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        let (read, write) = (ends[0], ends[1])
        near = read
        start {
            Self.copy(file, to: write)
        } after: {
            close(write)
        }
    }

    init(to file: Int32) {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        let (read, write) = (ends[0], ends[1])
        near = write
        start {
            Self.copy(read, to: file)
        } after: {
            close(read)
        }
    }

    private func start(_ body: @escaping @Sendable () -> Void, after: @escaping @Sendable () -> Void) {
        let done = done
        NamedThread.start("pump") {
            body()
            after()
            done.withLock { $0 = true }
            done.wakeAll()
        }
    }

    func end() {
        close(near)
        done.wait { $0 ? () : nil }
    }

    private static func copy(_ source: Int32, to target: Int32) {
        var buffer = [UInt8](repeating: 0, count: 30_011)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0, write(target, buffer, count) == count else { return }
        }
    }
}
