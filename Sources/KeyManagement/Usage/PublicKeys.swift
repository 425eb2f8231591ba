import Caching
package import LibCrypto
import SecretMemory
import Synchronization

/// The public keys of versions, parsed once. Operations with them need no token.
///
/// Slow libcrypto work runs on ``ComputeThreads``. Parsing is included: a point is multiplied by the curve's order, and an RSA
/// modulus is tested.
final class PublicKeys: Sendable {
    private let known: Mutex<LeastRecentlyUsed<PublicKeyInfo, PublicKey>>
    private let threads: ComputeThreads

    init(capacity: Int, threads: ComputeThreads = .shared) {
        known = Mutex(LeastRecentlyUsed(capacity: capacity))
        self.threads = threads
    }

    /// Returns the public key of a version whose record was verified.
    func key(of version: VersionRecord) async throws(KMSError) -> PublicKey {
        guard let info = version.publicKey else {
            throw .usageForbids("keys of \(version.algorithm.rawValue) have no public half")
        }
        if let key = known.withLock({ $0.use(info) }) { return key }
        let parsed = try await threads.publicKey(der: info.der)
        let key: PublicKey
        do throws(LibCryptoError) {
            key = try parsed.get()
        } catch {
            throw .internalFailure("the public key of \(version.id) cannot be read: \(error)")
        }
        known.withLock { _ = $0.insert(key, for: info) }
        return key
    }

    /// Verifies each signature with the public key of one version.
    func verify(
        _ items: [VerifyItem], with key: PublicKey, of version: VersionRecord, _ algorithm: SignatureAlgorithm,
        _ form: SignatureForm
    ) async -> [ItemResult<Verified>] {
        let (id, keyAlgorithm) = (version.id, version.algorithm)
        return await threads.each(items) { item in
            Result { () throws(KMSError) in
                let octets = try item.input.octets(for: algorithm)
                let isValid: Bool
                if algorithm.hash == nil {
                    isValid = key.verify(item.signature, ofMessage: octets, scheme: algorithm.libCrypto)
                } else if let signature = Self.asDER(item.signature, form, keyAlgorithm) {
                    isValid = key.verify(signature, over: octets, scheme: algorithm.libCrypto)
                } else {
                    isValid = false
                }
                return Verified(isValid: isValid, version: id)
            }
        }
    }

    /// Returns the signature as the library takes it; `nil` if a raw one does not have the length for the curve.
    private static func asDER(_ signature: [UInt8], _ form: SignatureForm, _ key: KeyAlgorithm) -> [UInt8]? {
        guard form == .raw, case .ec(let curve) = key.family else { return signature }
        guard signature.count == 2 * curve.coordinateByteCount else { return nil }
        return ECDSASignature.der(fromRaw: signature)
    }

    /// Encrypts by RSAES-OAEP.
    func encryptOAEP(
        _ plaintext: SecretBytes, with key: PublicKey, hash: HashFunction
    ) async throws(KMSError) -> [UInt8] {
        let encrypted = try await threads.run {
            Result { () throws(LibCryptoError) in
                try plaintext.withUnsafeBytes { (bytes) throws(LibCryptoError) in
                    try key.encryptOAEP(bytes, hash: hash)
                }
            }
        }
        do throws(LibCryptoError) {
            return try encrypted.get()
        } catch {
            throw .internalFailure("encryption by the public key failed: \(error)")
        }
    }
}

extension ComputeThreads {
    /// Parses the DER of a SubjectPublicKeyInfo, and checks the key.
    package func publicKey(der: [UInt8]) async throws(KMSError) -> Result<PublicKey, LibCryptoError> {
        try await run { Result { () throws(LibCryptoError) in try PublicKey(der: der) } }
    }

    /// Returns true if the signature of a document was made by its audit key.
    func isGenuine(_ document: SignedDocument) async throws(KMSError) -> Bool {
        try await run { document.isGenuine }
    }
}

extension HashAlgorithm {
    /// The same hash function in the library's terms.
    package var libCrypto: HashFunction {
        switch self {
        case .sha1: .sha1
        case .sha224: .sha224
        case .sha256: .sha256
        case .sha384: .sha384
        case .sha512: .sha512
        }
    }
}

extension Curve {
    /// The same curve in the library's terms.
    package var libCrypto: NamedCurve {
        switch self {
        case .p256: .p256
        case .p384: .p384
        case .p521: .p521
        case .secp256k1: .secp256k1
        }
    }
}

extension SignatureAlgorithm {
    /// The same algorithm in the library's terms.
    package var libCrypto: SignatureScheme {
        switch self {
        case .rsaPKCS1SHA256: .rsaPKCS1(.sha256)
        case .rsaPKCS1SHA384: .rsaPKCS1(.sha384)
        case .rsaPKCS1SHA512: .rsaPKCS1(.sha512)
        case .rsaPSSSHA256: .rsaPSS(.sha256)
        case .rsaPSSSHA384: .rsaPSS(.sha384)
        case .rsaPSSSHA512: .rsaPSS(.sha512)
        case .ecdsaSHA256: .ecdsa(.sha256)
        case .ecdsaSHA384: .ecdsa(.sha384)
        case .ecdsaSHA512: .ecdsa(.sha512)
        case .ed25519: .ed25519
        }
    }
}
