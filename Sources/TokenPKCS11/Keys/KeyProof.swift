internal import KeyManagement
internal import LibCrypto
internal import PKCS11
import SecretMemory

/// Verifies that a key in the token is the expected one.
enum KeyProof {
    /// Returns true if a private key and a public key belong together: one reverses the operation of the other.
    static func isPair(
        _ key: ObjectHandle, _ publicKey: PublicKey, _ algorithm: KeyAlgorithm, _ usage: KeyUsage,
        in session: borrowing Session
    ) throws(PKCS11Error) -> Bool {
        if usage == .encryptDecrypt, case .rsa(let bits) = algorithm.family {
            return try opens(key, publicKey, .oaepSHA256, bits, in: session)
        }
        if usage == .keyAgreement { return try agrees(key, publicKey, algorithm, in: session) }
        guard let scheme = SignatureAlgorithm.allowed(for: algorithm).first else { return false }
        return try signs(key, publicKey, scheme, algorithm, in: session)
    }

    /// Returns true if a signature by the private key verifies with the public key, and not over another message.
    static func signs(
        _ key: ObjectHandle, _ publicKey: PublicKey, _ scheme: SignatureAlgorithm, _ algorithm: KeyAlgorithm,
        in session: borrowing Session
    ) throws(PKCS11Error) -> Bool {
        let message = Array("hsm-kms/proof/1".utf8)
        let input = scheme.hash.map { $0.libCrypto.digest(of: message) } ?? message
        let raw = try KeyUse.sign(input, by: scheme, with: key, of: algorithm, in: session)
        let signature: [UInt8] =
            if case .ecdsa = scheme.libCrypto { ECDSASignature.der(fromRaw: raw) ?? [] } else { raw }
        return publicKey.verify(signature, ofMessage: message, scheme: scheme.libCrypto)
            && !publicKey.verify(signature, ofMessage: message + [0], scheme: scheme.libCrypto)
    }

    /// Returns true if the private key derives the expected secret from an ephemeral public key. The expected secret comes from
    /// the ephemeral private key and `publicKey`.
    static func agrees(
        _ key: ObjectHandle, _ publicKey: PublicKey, _ algorithm: KeyAlgorithm, in session: borrowing Session
    ) throws(PKCS11Error) -> Bool {
        guard case .ec(let curve) = algorithm.family,
            let challenge = AgreementProof.challenge(to: publicKey, on: curve)
        else { return false }
        return try KeyUse.agree(with: challenge.publicKey, by: key, of: algorithm, in: session) == challenge.secret
    }

    /// Returns true if the private key decrypts what the public key encrypted, and refuses a modified ciphertext.
    static func opens(
        _ key: ObjectHandle, _ publicKey: PublicKey, _ padding: AsymmetricEncryption, _ bits: Int,
        in session: borrowing Session
    ) throws(PKCS11Error) -> Bool {
        let plaintext = Array("hsm-kms/proof/1".utf8)
        guard
            var ciphertext = try? plaintext.withUnsafeBytes({
                try publicKey.encryptOAEP($0, hash: padding.hash.libCrypto)
            })
        else { return false }
        let back = try KeyUse.decrypt(ciphertext, by: padding, with: key, modulusBits: bits, in: session)
        ciphertext[ciphertext.count - 1] ^= 1
        let changed = try KeyUse.decrypt(ciphertext, by: padding, with: key, modulusBits: bits, in: session)
        return back == SecretBytes(copying: plaintext) && changed == nil
    }

    /// Returns the check value of a key, see ``/KeyManagement/CheckValue``.
    static func checkValue(
        of key: ObjectHandle, _ algorithm: KeyAlgorithm, in session: borrowing Session
    ) throws(PKCS11Error) -> CheckValue? {
        switch algorithm.family {
        case .aes:
            let block = Array("hsm-kms-kcv1".utf8) + [0xFF, 0xFF, 0xFF, 0xFF]
            return CheckValue(bytes: try session.encrypt(block, with: key, Mechanism(.aesECB)))
        case .hmac(let hash):
            let code = try KeyUse.authenticate(Array("hsm-kms/check-value/1".utf8), with: key, hash, in: session)
            return CheckValue(bytes: Array(code.prefix(CheckValue.byteCount)))
        case .rsa, .ec, .ed25519: return nil
        }
    }
}
