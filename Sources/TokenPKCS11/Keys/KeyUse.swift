internal import KeyManagement
internal import LibCrypto
internal import PKCS11
import SecretMemory

/// The operations of unwrapped keys that sign, authenticate and decrypt by RSA. For AES see `PKCS11Token`.
enum KeyUse {
    /// Signs a digest; with Ed25519, signs a message.
    static func sign(
        _ input: [UInt8], by algorithm: SignatureAlgorithm, with key: ObjectHandle, of kind: KeyAlgorithm,
        in session: borrowing Session
    ) throws(PKCS11Error) -> [UInt8] {
        let signature: [UInt8]
        switch algorithm.libCrypto {
        case .rsaPKCS1(let hash):
            signature = try session.sign(PKCS1DigestInfo.der(of: input, hash: hash), with: key, .rsaPKCS)
        case .rsaPSS(let hash):
            let function = (algorithm.hash ?? .sha256).pkcs11
            signature = try session.sign(
                input, with: key, .rsaPSS(hash: function, mgf: function, saltLength: hash.byteCount))
        case .ecdsa: signature = try session.sign(input, with: key, .ecdsa)
        case .ed25519: signature = try session.sign(input, with: key, .edDSA)
        }
        guard signature.count == signatureLength(of: kind) else {
            throw .malformedAnswer(from: .sign, "\(signature.count) bytes of a signature by \(kind.rawValue)")
        }
        return signature
    }

    private static func signatureLength(of algorithm: KeyAlgorithm) -> Int {
        switch algorithm.family {
        case .rsa(let bits): bits / 8
        case .ec(let curve): 2 * curve.coordinateByteCount
        case .ed25519: 64
        case .aes, .hmac: 0
        }
    }

    /// Returns the whole HMAC of a message.
    static func authenticate(
        _ message: [UInt8], with key: ObjectHandle, _ hash: HashAlgorithm, in session: borrowing Session
    ) throws(PKCS11Error) -> [UInt8] {
        let mechanism: Mechanism =
            switch hash {
            case .sha224: .sha224HMAC
            case .sha1, .sha256: .sha256HMAC
            case .sha384: .sha384HMAC
            case .sha512: .sha512HMAC
            }
        let code = try session.sign(message, with: key, mechanism)
        guard code.count == hash.byteCount else {
            throw .malformedAnswer(from: .sign, "\(code.count) bytes of HMAC with \(hash.rawValue)")
        }
        return code
    }

    /// Returns the x-coordinate of the product of the key and another party's point, as long as the curve's coordinates (NIST SP
    /// 800-56A §5.7.1.2). The token derives it as a readable object, which is read once and destroyed.
    static func agree(
        with publicKey: PublicKey, by key: ObjectHandle, of algorithm: KeyAlgorithm, in session: borrowing Session
    ) throws(PKCS11Error) -> SecretBytes {
        guard case .ec(let curve) = algorithm.family, let point = publicKey.point else {
            throw .malformedAnswer(from: .deriveKey, "\(algorithm.rawValue) agrees on no secret")
        }
        let length = curve.coordinateByteCount
        let secret = try session.deriveKey(
            from: key, .ecdh1Derive(publicPoint: point), KeyTemplates.leavingSecret(byteCount: length))
        let value = try KeyMaker.consuming(secret, on: session) { (session) throws(PKCS11Error) in
            SecretBytes(moving: try session.bytes(.value, of: secret))
        }
        guard value.count == length else {
            throw .malformedAnswer(from: .deriveKey, "\(value.count) bytes of a secret on \(curve.rawValue)")
        }
        return value
    }

    /// Decrypts by OAEP: the token performs the bare RSA operation, and libcrypto removes the padding in constant time. This is
    /// done for every hash, because few modules support OAEP with a hash other than SHA-1, and they fail in different ways.
    ///
    /// - Returns: nil for anything that is wrong with the ciphertext.
    static func decrypt(
        _ ciphertext: [UInt8], by padding: AsymmetricEncryption, with key: ObjectHandle, modulusBits: Int,
        in session: borrowing Session
    ) throws(PKCS11Error) -> SecretBytes? {
        let length = modulusBits / 8
        guard ciphertext.count == length, let encoded = try raw(ciphertext, with: key, in: session) else { return nil }
        // Some modules omit leading zeros.
        let filled = SecretBytes(capacity: length) { buffer in
            encoded.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(rebasing: buffer[(length - bytes.count)...]).copyMemory(from: bytes)
            }
            return length
        }
        var isPadded = true
        let plaintext = SecretBytes(capacity: length) { buffer in
            let count = filled.withUnsafeBytes { OAEP.unpad($0, hash: padding.hash.libCrypto, into: buffer) }
            isPadded = count != nil
            return count ?? 0
        }
        return isPadded ? plaintext : nil
    }

    /// Performs the bare RSA operation. Returns nil if the token refuses the number and the key succeeds with another one, because
    /// the ciphertext is then at fault.
    private static func raw(
        _ ciphertext: [UInt8], with key: ObjectHandle, in session: borrowing Session
    ) throws(PKCS11Error) -> SecretBytes? {
        do throws(PKCS11Error) {
            return try rawOnce(ciphertext, with: key, in: session)
        } catch {
            guard TokenError(error) == .rejected || error.mayBeTheInput else { throw error }
        }
        var one = [UInt8](repeating: 0, count: ciphertext.count)
        one[one.count - 1] = 1
        do throws(PKCS11Error) {
            _ = try rawOnce(one, with: key, in: session)
        } catch {
            throw error.mayBeTheInput ? .returned(.deviceError, from: .decrypt) : error
        }
        do throws(PKCS11Error) {
            return try rawOnce(ciphertext, with: key, in: session)
        } catch {
            guard TokenError(error) == .rejected || error.mayBeTheInput else { throw error }
            return nil
        }
    }

    private static func rawOnce(
        _ ciphertext: [UInt8], with key: ObjectHandle, in session: borrowing Session
    ) throws(PKCS11Error) -> SecretBytes {
        try SecretBytes(capacity: ciphertext.count) { (buffer) throws(PKCS11Error) in
            let result = ciphertext.withUnsafeBytes { input in
                Swift.Result { () throws(PKCS11Error) in
                    try session.decrypt(input, with: key, .rsaX509, into: buffer)
                }
            }
            return try result.get()
        }
    }
}
