import Crypto
import KMSClient
import KeyManagement

/// The message of a signature: the bytes that were read so far, and the source of the rest.
struct MessageInput: Sendable {
    let bytes: [UInt8]
    private let source: InputSource

    /// Reads the whole message, or one byte more than the service takes.
    init(_ source: InputSource) throws(Failure) {
        self.source = source
        bytes = try source.read(atMost: SigningInput.maxMessageLength)
    }

    /// True if the service takes the message itself.
    var isShort: Bool { bytes.count <= SigningInput.maxMessageLength }

    /// Returns the digest that an algorithm signs. The memory that it takes does not depend on the length of the message.
    ///
    /// - Throws: a ``Failure`` for an algorithm that signs whole messages.
    func digest(for algorithm: SignatureAlgorithm) throws(Failure) -> [UInt8] {
        switch algorithm.hash {
        case .sha256: return try digest(by: SHA256())
        case .sha384: return try digest(by: SHA384())
        case .sha512: return try digest(by: SHA512())
        case nil, .sha1, .sha224:
            throw Failure(
                .input,
                "\(source.name) has more than \(SigningInput.maxMessageLength) bytes (64 KiB), the most that "
                    + "\(algorithm.rawValue) can sign, because it signs the message and no digest; use a digest as the message: "
                    + "openssl dgst -sha512 -binary FILE | kms sign KEY")
        }
    }

    private func digest<Hash: Crypto.HashFunction>(by hash: Hash) throws(Failure) -> [UInt8] {
        var hash = hash
        hash.update(data: bytes)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 16)
        // Owned by this function.
        defer { buffer.deallocate() }
        while true {
            let count = try source.read(into: buffer)
            guard count > 0 else { return Array(hash.finalize()) }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}

extension SignatureOptions {
    /// The input of a signature, and the algorithm to name in the request.
    struct Prepared: Sendable {
        let input: SignatureInput
        let algorithm: String?
    }

    /// Reads the input. A message that is too long for the service is hashed here, and its digest is sent: the signature is the
    /// same. If no algorithm is named, the service is asked for that of the key.
    func prepare(_ streams: DataStreams, for key: String, by client: KMSClient) async throws -> Prepared {
        let start: Read = try apart { () throws(Failure) in try read(streams) }
        switch start {
        case .digest(let bytes): return Prepared(input: .digest(bytes), algorithm: algorithm)
        case .message(let message) where message.isShort:
            return Prepared(input: .message(message.bytes), algorithm: algorithm)
        case .message(let message):
            let answer = try await algorithm == nil ? client.send(KMSRequest<KeyAnswer>(.get, APIPath.key(key))) : nil
            return try apart { () throws(Failure) in
                let algorithm = if let answer { try Self.algorithm(of: answer) } else { try named() }
                return Prepared(
                    input: .digest(try message.digest(for: algorithm)), algorithm: algorithm.rawValue)
            }
        }
    }

    enum Read: Sendable {
        case digest([UInt8])
        case message(MessageInput)
    }

    /// Reads the digest, with `--digest`, or the beginning of the message.
    func read(_ streams: DataStreams) throws(Failure) -> Read {
        guard digest else { return .message(try MessageInput(try streams.source())) }
        let source = try streams.source()
        let bytes = try source.read(atMost: HashAlgorithm.sha512.byteCount)
        guard bytes.count <= HashAlgorithm.sha512.byteCount else {
            throw Failure(.input, "\(source.name) is longer than any digest; without --digest it is hashed here")
        }
        return .digest(bytes)
    }

    /// Returns the algorithm of `--algorithm`.
    private func named() throws(Failure) -> SignatureAlgorithm {
        guard let algorithm = algorithm.flatMap({ SignatureAlgorithm(rawValue: $0) }) else {
            let known = SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(.input, "--algorithm is one of \(known)")
        }
        return algorithm
    }

    /// Returns the algorithm that the service would choose.
    private static func algorithm(of key: KeyAnswer) throws(Failure) -> SignatureAlgorithm {
        let first = KeyAlgorithm(rawValue: key.algorithm).flatMap { SignatureAlgorithm.allowed(for: $0).first }
        guard let first else {
            throw Failure(.input, "key '\(key.name)' has the algorithm \(key.algorithm) and makes no signatures")
        }
        return first
    }
}
