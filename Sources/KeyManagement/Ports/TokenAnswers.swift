internal import LibCrypto
import SecretMemory

/// The checks of a token's answers that several calls share: the number of items, and the length of each.
package enum TokenAnswers {
    /// The maximum length of a wrapped key that is accepted: a wrapped 4,096-bit RSA key has about 2,400 bytes.
    private static let maxWrappedLength = 8192
    private static let maxPrivateKeyLength = 8192

    static func require(_ isRight: Bool, _ what: @autoclosure () -> String) throws(TokenAnswerError) {
        guard isRight else { throw TokenAnswerError(what()) }
    }

    static func require(_ count: Int, of asked: Int) throws(TokenAnswerError) {
        try require(count == asked, "\(count) answers to \(asked) items")
    }

    static func require(length: Int, _ expected: Int, _ what: String) throws(TokenAnswerError) {
        try require(length == expected, "\(what) of \(length) bytes, not \(expected)")
    }

    // MARK: Boxes

    static func check(_ box: SealedBox, of plaintextLength: Int) throws(TokenAnswerError) {
        try require(length: box.nonce.count, SealedBox.nonceLength, "a nonce")
        try require(length: box.ciphertextAndTag.count, plaintextLength + SealedBox.tagLength, "a ciphertext")
    }

    /// Throws if a nonce repeats: two messages under one key and nonce reveal both (NIST SP 800-38D §8).
    static func checkNonces(_ boxes: [SealedBox]) throws(TokenAnswerError) {
        guard boxes.count > 1 else { return }
        try require(Set(boxes.lazy.map(\.nonce)).count == boxes.count, "a nonce twice")
    }

    // MARK: Keys

    static func check(_ key: NewKey, of algorithm: KeyAlgorithm) throws(TokenAnswerError) {
        try check(key.wrapped)
        try check(key.publicKey, of: algorithm)
    }

    static func check(_ pair: DataKeyPairMaterial, of algorithm: KeyAlgorithm) throws(TokenAnswerError) {
        try require(
            (1...maxPrivateKeyLength).contains(pair.privateKey.count), "a private key of \(pair.privateKey.count) bytes"
        )
        try check(pair.publicKey, of: algorithm)
    }

    static func check(_ wrapped: WrappedKey) throws(TokenAnswerError) {
        try require((1...maxWrappedLength).contains(wrapped.blob.count), "a wrapped key of \(wrapped.blob.count) bytes")
    }

    /// Checks that a public key is present exactly when required, and has a plausible length.
    ///
    /// It does not check the point or the modulus, because that takes longer: see ``checkPoint(of:_:)``.
    private static func check(_ publicKey: PublicKeyInfo?, of algorithm: KeyAlgorithm) throws(TokenAnswerError) {
        let lengths: ClosedRange<Int>
        switch algorithm.family {
        // The public exponent has up to 32 bytes.
        case .rsa(let bits): lengths = bits / 8 + 32...bits / 8 + 72
        case .ec(.p256): lengths = 91...91
        case .ec(.p384): lengths = 120...120
        case .ec(.p521): lengths = 158...158
        case .ec(.secp256k1): lengths = 88...88
        case .ed25519: lengths = 44...44
        case .aes, .hmac:
            try require(publicKey == nil, "a public key of \(algorithm.rawValue)")
            return
        }
        guard let publicKey, lengths.contains(publicKey.der.count) else {
            throw TokenAnswerError("no public key of \(algorithm.rawValue)")
        }
    }

    // MARK: Slow checks, not for Swift's cooperative pool

    /// Checks that the audit key is a valid P-256 public key.
    package static func check(auditKey: PublicKeyInfo) throws(TokenAnswerError) {
        try checkPoint(of: auditKey, .ecP256)
    }

    /// Checks that a public key is valid for its algorithm. It takes up to some milliseconds.
    package static func checkPoint(of publicKey: PublicKeyInfo?, _ algorithm: KeyAlgorithm) throws(TokenAnswerError) {
        let expected: PublicKey.Kind
        switch algorithm.family {
        case .rsa(let bits): expected = .rsa(bits: bits)
        case .ec(let curve): expected = .ec(curve.libCrypto)
        case .ed25519: expected = .ed25519
        case .aes, .hmac: return
        }
        guard let publicKey, let key = try? PublicKey(der: publicKey.der), key.kind == expected else {
            throw TokenAnswerError("no public key of \(algorithm.rawValue)")
        }
    }

    /// Verifies the signature of the audit key over a SHA-256 digest.
    package static func check(
        auditSignature: [UInt8], over digest: [UInt8], by key: PublicKeyInfo?
    ) throws(TokenAnswerError) {
        guard let key, let publicKey = try? PublicKey(der: key.der),
            let signature = ECDSASignature.der(fromRaw: auditSignature),
            publicKey.verify(signature, over: digest, scheme: .ecdsa(.sha256))
        else { throw TokenAnswerError("a signature that is not the audit key's") }
    }
}
