import ArgumentParser
import FoundationEssentials
import Glibc
import SecretMemory

/// The options `--in` and `--out`, which replace standard input and output with files.
struct DataStreams: ParsableArguments {
    @Option(name: .customLong("in"), help: "Read from this file instead of standard input.")
    var input: String?

    @Option(name: .customLong("out"), help: "Write to this new file (mode 0600) instead of standard output.")
    var output: String?

    /// The most bytes that are read. The service accepts fewer, and its error is clearer than a truncated input would be.
    private static let limit = 48 * 1024
    /// The same limit for messages that are signed or authenticated.
    static let messageLimit = 80 * 1024
    static let batchLimit = 16 * 1024 * 1024

    func read(atMost limit: Int = DataStreams.limit) throws(Failure) -> Data {
        guard let input else { return try Self.read(STDIN_FILENO, "standard input", atMost: limit) }
        let descriptor = open(input, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(.configuration, "\(input) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        return try Self.read(descriptor, input, atMost: limit)
    }

    /// Reads bytes that are secret.
    func readSecret() throws(Failure) -> SecretBytes {
        var data = try read()
        defer { data.resetBytes(in: data.startIndex..<data.endIndex) }
        return SecretBytes(copying: data)
    }

    func write(_ text: String) throws { try Array(text.utf8).withUnsafeBytes { try OutputFile.write($0, to: output) } }

    func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try OutputFile.write($0, to: output) } }

    func write(_ secret: SecretBytes) throws { try secret.withUnsafeBytes { try OutputFile.write($0, to: output) } }

    private static func read(_ descriptor: Int32, _ name: String, atMost limit: Int) throws(Failure) -> Data {
        var data = Data(count: limit + 1)
        var count = 0
        while count <= limit {
            let offset = count
            // Reads into the data's own memory, which outlives the call.
            let got = data.withUnsafeMutableBytes { buffer in
                let room = UnsafeMutableRawBufferPointer(rebasing: buffer[offset...])
                return Glibc.read(descriptor, room.baseAddress, room.count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else {
                throw Failure(.configuration, "\(name) cannot be read: \(String(cString: strerror(errno)))")
            }
            if got == 0 { return data.prefix(count) }
            count += got
        }
        throw Failure(
            .input,
            "\(name) has more than \(limit) bytes; encrypt data of that size under a data key ('kms data-key'), sign its digest"
        )
    }
}

/// The destination of an option `--out`.
enum OutputFile {
    /// Writes to a new file (mode 0600), or to standard output if none is named.
    static func write(_ bytes: UnsafeRawBufferPointer, to path: String?) throws {
        if let path { try PrivateFile.create(path, bytes) } else { try StandardOutput.writeData(bytes) }
    }
}
