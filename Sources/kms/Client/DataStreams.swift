import ArgumentParser
import FoundationEssentials
import KeyManagement
import SecretMemory

/// The options `--in` and `--out`, which replace standard input and output with files.
struct DataStreams: ParsableArguments {
    @Option(name: .customLong("in"), help: "Read from this file instead of standard input.")
    var input: String?

    @Option(name: .customLong("out"), help: "Write to this new file (mode 0600) instead of standard output.")
    var output: String?

    /// The most bytes that are read. The service accepts fewer, and its error is clearer than a truncated input would be.
    private static let limit = 48 * 1024
    static let batchLimit = 16 * 1024 * 1024

    /// Returns the file of `--in`, or standard input.
    func source() throws(Failure) -> InputSource {
        guard let input else { return .standardInput }
        return try InputSource(path: input)
    }

    func read(atMost limit: Int = DataStreams.limit) throws(Failure) -> Data {
        let source = try source()
        let bytes = try source.read(atMost: limit)
        guard bytes.count <= limit else {
            throw Failure(
                .input,
                "\(source.name) has more than \(limit) bytes; files of any length are for 'kms file encrypt' and 'kms file decrypt'"
            )
        }
        return Data(bytes)
    }

    /// Reads a message whose HMAC the service computes.
    func readMessage() throws(Failure) -> [UInt8] {
        let source = try source()
        let bytes = try source.read(atMost: SigningInput.maxMessageLength)
        guard bytes.count <= SigningInput.maxMessageLength else {
            throw Failure(
                .input,
                "\(source.name) has more than \(SigningInput.maxMessageLength) bytes (64 KiB), the most that the service makes an "
                    + "HMAC of; use a digest as the message, here and for 'kms verify-hmac': "
                    + "openssl dgst -sha512 -binary FILE | kms hmac KEY")
        }
        return bytes
    }

    /// Reads bytes that are secret.
    func readSecret() throws(Failure) -> SecretBytes {
        let source = try source()
        let limit = Self.limit
        return try SecretBytes(capacity: limit + 1) { (buffer) throws(Failure) in
            let count = try source.read(into: buffer)
            guard count <= limit else {
                throw Failure(
                    .input,
                    "\(source.name) has more than \(limit) bytes; files of any length are for 'kms file encrypt' and 'kms file decrypt'"
                )
            }
            return count
        }
    }

    func write(_ text: String) throws { try Array(text.utf8).withUnsafeBytes { try OutputFile.write($0, to: output) } }

    func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try OutputFile.write($0, to: output) } }

    func write(_ secret: SecretBytes) throws { try secret.withUnsafeBytes { try OutputFile.write($0, to: output) } }
}

/// The destination of an option `--out`.
enum OutputFile {
    /// Writes to a new file (mode 0600), or to standard output if none is named.
    static func write(_ bytes: UnsafeRawBufferPointer, to path: String?) throws {
        if let path { try PrivateFile.create(path, bytes) } else { try StandardOutput.writeData(bytes) }
    }
}
