import ArgumentParser
import FileEncryption
import FoundationEssentials
import Glibc

/// The options `--in` and `--out`, with those for replacing the output and for progress.
struct FileStreams: ParsableArguments {
    @Option(name: .customLong("in"), help: "Read from this file; '-' is standard input, which is the standard.")
    var input: String?

    @Option(
        name: .customLong("out"),
        help:
            "Write to this new file, which is there when all of it is good; '-' is standard output, which is the standard."
    )
    var output: String?

    @Flag(help: "Replace the file of --out if there is one.")
    var force = false

    @Flag(help: "No progress bar.")
    var quiet = false

    /// The output, opened before anything else is done.
    enum Destination {
        case standardOutput
        case file(NewFile)

        var output: FileOutput {
            switch self {
            case .standardOutput: .stream(STDOUT_FILENO, name: "standard output")
            case .file(let file): .newFile(file.descriptor, name: file.path)
            }
        }

        /// Publishes the output. Call it when everything has been written.
        func finish() throws(Failure) {
            if case .file(let file) = self { try file.publish() }
        }
    }

    func open() throws(Failure) -> FileInput {
        guard let input, input != "-" else { return FileInput(descriptor: STDIN_FILENO, name: "standard input") }
        return try Self.open(input)
    }

    /// Opens a file for the life of the process, because a command opens only one.
    static func open(_ path: String) throws(Failure) -> FileInput {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path) }
        return FileInput(descriptor: descriptor, name: path)
    }

    /// Opens the output.
    ///
    /// - Parameter isSecret: if true, only the owner can read the file (mode 0600); if false, the umask decides.
    func destination(isSecret: Bool) throws(Failure) -> Destination {
        guard let output, output != "-" else {
            guard !force else { throw Failure(.input, "--force requires --out") }
            guard isSecret || isatty(STDOUT_FILENO) == 0 else {
                throw Failure(
                    .input,
                    "an encrypted file is not written to a terminal; name a file with --out, or redirect the output")
            }
            return .standardOutput
        }
        return .file(try NewFile(output, mode: isSecret ? 0o600 : 0o666, isReplacing: force))
    }
}

/// The option `--threads`.
struct ThreadOption: ParsableArguments {
    @Option(help: "How many threads encrypt or decrypt, 1 to 256; else as many as there are processors.")
    var threads: Int?

    func count() throws(Failure) -> Int {
        guard let threads else { return min(256, max(1, ProcessInfo.processInfo.activeProcessorCount)) }
        guard (1...256).contains(threads) else { throw Failure(.input, "--threads is 1 to 256") }
        return threads
    }
}
