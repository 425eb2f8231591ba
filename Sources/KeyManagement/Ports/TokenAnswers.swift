internal import LibCrypto
package import SecretMemory

/// The checks of a token's answers against their requests: the number of items, and the length of each.
///
/// A token may be another process, controlled by a faulty or hostile module. No answer is used before it was checked here.
package enum TokenAnswers {
    /// The error for an answer that does not fit its request.
    package struct Mismatch: Error, CustomStringConvertible {
        package let description: String

        fileprivate init(_ description: String) {
            self.description = description
        }
    }

    /// The maximum length of a wrapped key that is accepted: a wrapped 4,096-bit RSA key has about 2,400 bytes.
    private static let maxWrappedLength = 8192
    private static let maxPrivateKeyLength = 8192

    private static func require(_ isRight: Bool, _ what: @autoclosure () -> String) throws(Mismatch) {
        guard isRight else { throw Mismatch(what()) }
    }

    private static func require(_ count: Int, of asked: Int) throws(Mismatch) {
        try require(count == asked, "\(count) answers to \(asked) items")
    }

    private static func require(length: Int, _ expected: Int, _ what: String) throws(Mismatch) {
        try require(length == expected, "\(what) of \(length) bytes, not \(expected)")
    }

    // MARK: Seals

    package static func check(_ seals: [Seal], count: Int) throws(Mismatch) {
        try require(seals.count, of: count)
        for seal in seals { try require(length: seal.code.count, Seal.byteCount, "a seal") }
    }

    package static func check(_ verdicts: [Bool], count: Int) throws(Mismatch) {
        try require(verdicts.count, of: count)
    }

    // MARK: Encryption

    package static func check(_ boxes: [SealedBox], of items: [Encryption]) throws(Mismatch) {
        try require(boxes.count, of: items.count)
        for (box, item) in zip(boxes, items) { try check(box, of: item.plaintext.count) }
        try checkNonces(boxes)
    }

    package static func check(_ keys: [TokenDataKey], of orders: [DataKeyOrder]) throws(Mismatch) {
        try require(keys.count, of: orders.count)
        for (key, order) in zip(keys, orders) {
            try require(length: key.plaintext.count, order.byteCount, "a data key")
            try check(key.box, of: order.byteCount)
        }
        try checkNonces(keys.map(\.box))
    }

    package static func check(
        _ results: [TokenResult<SecretBytes>], of items: [Decryption]
    ) throws(Mismatch) {
        try require(results.count, of: items.count)
        for (result, item) in zip(results, items) {
            guard case .success(let plaintext) = result else { continue }
            let expected = item.box.ciphertextAndTag.count - SealedBox.tagLength
            try require(length: plaintext.count, expected, "a plaintext")
        }
    }

    package static func check(
        _ results: [TokenResult<SecretBytes>], ofCiphertexts count: Int, by padding: AsymmetricEncryption,
        with key: VersionKey
    ) throws(Mismatch) {
        try require(results.count, of: count)
        guard case .rsa(let bits) = key.algorithm.family else { return }
        for case .success(let plaintext) in results {
            try require(
                plaintext.count <= padding.longestPlaintext(modulusBits: bits),
                "a plaintext of \(plaintext.count) bytes")
        }
    }

    private static func check(_ box: SealedBox, of plaintextLength: Int) throws(Mismatch) {
        try require(length: box.nonce.count, SealedBox.nonceLength, "a nonce")
        try require(length: box.ciphertextAndTag.count, plaintextLength + SealedBox.tagLength, "a ciphertext")
    }

    /// Throws if a nonce repeats: two messages under one key and nonce reveal both (NIST SP 800-38D §8).
    private static func checkNonces(_ boxes: [SealedBox]) throws(Mismatch) {
        guard boxes.count > 1 else { return }
        try require(Set(boxes.lazy.map(\.nonce)).count == boxes.count, "a nonce twice")
    }

    // MARK: Signatures, codes and secrets

    package static func check(_ signatures: [[UInt8]], count: Int, with key: VersionKey) throws(Mismatch) {
        try require(signatures.count, of: count)
        let expected: Int
        switch key.algorithm.family {
        case .rsa(let bits): expected = bits / 8
        case .ec(let curve): expected = 2 * curve.coordinateByteCount
        case .ed25519: expected = 64
        case .aes, .hmac: return
        }
        for signature in signatures { try require(length: signature.count, expected, "a signature") }
    }

    package static func check(codes: [[UInt8]], count: Int, with key: VersionKey) throws(Mismatch) {
        try require(codes.count, of: count)
        guard case .hmac(let hash) = key.algorithm.family else { return }
        for code in codes { try require(length: code.count, hash.byteCount, "a code") }
    }

    package static func check(agreed secret: SecretBytes, by key: VersionKey) throws(Mismatch) {
        guard case .ec(let curve) = key.algorithm.family else { return }
        try require(length: secret.count, curve.coordinateByteCount, "a shared secret")
    }

    package static func check(random secret: SecretBytes, byteCount: Int) throws(Mismatch) {
        try require(length: secret.count, byteCount, "random bytes")
    }

    package static func check(auditSignature: [UInt8]) throws(Mismatch) {
        try require(length: auditSignature.count, 64, "a signature")
    }

    /// Checks the length and verifies the signature. Verification must not run on Swift's cooperative pool.
    package static func check(auditSignature: [UInt8], over digest: [UInt8], by key: PublicKeyInfo?) throws(Mismatch) {
        try check(auditSignature: auditSignature)
        guard let key, let publicKey = try? PublicKey(der: key.der),
            let signature = ECDSASignature.der(fromRaw: auditSignature),
            publicKey.verify(signature, over: digest, scheme: .ecdsa(.sha256))
        else { throw Mismatch("a signature that is not the audit key's") }
    }

    // MARK: Keys

    /// Checks that the audit key is a valid P-256 public key.
    package static func check(auditKey: PublicKeyInfo) throws(Mismatch) { try checkPoint(of: auditKey, .ecP256) }

    package static func check(_ key: NewKey, of algorithm: KeyAlgorithm) throws(Mismatch) {
        try check(key.wrapped)
        try check(key.publicKey, of: algorithm)
    }

    package static func check(_ pair: DataKeyPairMaterial, of algorithm: KeyAlgorithm) throws(Mismatch) {
        try require(
            (1...maxPrivateKeyLength).contains(pair.privateKey.count), "a private key of \(pair.privateKey.count) bytes"
        )
        try check(pair.publicKey, of: algorithm)
    }

    package static func check(_ wrapped: WrappedKey) throws(Mismatch) {
        try require((1...maxWrappedLength).contains(wrapped.blob.count), "a wrapped key of \(wrapped.blob.count) bytes")
    }

    package static func check(_ rewrapped: [WrappedKey], of keys: [KeyToRewrap]) throws(Mismatch) {
        try require(rewrapped.count, of: keys.count)
        for (new, old) in zip(rewrapped, keys) {
            try check(new)
            try require(new.epoch >= old.wrapped.epoch, "a key under an earlier root")
        }
    }

    /// Checks that a public key is present exactly when required, and has a plausible length.
    ///
    /// It does not check the point or the modulus, because that takes longer: see ``checkPoint(of:_:)``.
    private static func check(_ publicKey: PublicKeyInfo?, of algorithm: KeyAlgorithm) throws(Mismatch) {
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
            throw Mismatch("no public key of \(algorithm.rawValue)")
        }
    }

    /// Checks that a public key is valid for its algorithm. It takes up to some milliseconds, so it must not run on Swift's
    /// cooperative pool.
    package static func checkPoint(of publicKey: PublicKeyInfo?, _ algorithm: KeyAlgorithm) throws(Mismatch) {
        let expected: PublicKey.Kind
        switch algorithm.family {
        case .rsa(let bits): expected = .rsa(bits: bits)
        case .ec(let curve): expected = .ec(curve.libCrypto)
        case .ed25519: expected = .ed25519
        case .aes, .hmac: return
        }
        guard let publicKey, let key = try? PublicKey(der: publicKey.der), key.kind == expected else {
            throw Mismatch("no public key of \(algorithm.rawValue)")
        }
    }

    // MARK: Custody

    package static func check(_ examinations: [KeyExamination], of keys: [VersionKey]) throws(Mismatch) {
        try require(examinations.count, of: keys.count)
        for (examination, key) in zip(examinations, keys) {
            try require(examination.key == key.id.description, "another key's examination")
        }
    }
}
