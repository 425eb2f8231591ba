import LibCrypto

/// The input of a signature: a message, which the service hashes, or a digest that the caller computed.
package enum SigningInput: Hashable, Sendable {
    case message([UInt8])
    case digest([UInt8])

    /// The maximum length of a message to sign or authenticate, in bytes: 64 KiB.
    package static let maxMessageLength = 65536

    /// Returns the bytes that the token signs.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` for a message that is too long, a digest whose length is not that of the
    ///   algorithm's hash, or a digest where the whole message is needed.
    package func octets(for algorithm: SignatureAlgorithm) throws(KMSError) -> [UInt8] {
        switch (self, algorithm.hash) {
        case (.message(let message), let hash):
            try Self.checkLength(of: message)
            return hash.map { $0.libCrypto.digest(of: message) } ?? message
        case (.digest(let digest), let hash?):
            guard digest.count == hash.byteCount else {
                throw .invalidRequest(
                    "the digest has \(digest.count) bytes; \(algorithm.rawValue) takes \(hash.byteCount)")
            }
            return digest
        case (.digest, nil):
            throw .invalidRequest("\(algorithm.rawValue) signs messages, not digests")
        }
    }

    static func checkLength(of message: [UInt8]) throws(KMSError) {
        guard message.count <= maxMessageLength else {
            throw .invalidRequest(
                "the message has \(message.count) bytes; at most \(maxMessageLength) are allowed. Sign its digest")
        }
    }
}

/// The encoding of an ECDSA signature. Other signatures have only one.
package enum SignatureForm: String, Sendable, CaseIterable {
    /// DER of `ECDSA-Sig-Value` (RFC 3279 §2.2.3), as in OpenSSL and X.509.
    case der
    /// The pair `r | s`, each as long as a coordinate (IEEE P1363), as in JWS (RFC 7518 §3.4).
    case raw
}
