package import LibCrypto
import Synchronization

/// Public keys of versions, read once: what can be done with them needs no token.
final class PublicKeys: Sendable {
    private let known: Mutex<LeastRecentlyUsed<PublicKeyInfo, PublicKey>>

    init(capacity: Int) {
        known = Mutex(LeastRecentlyUsed(capacity: capacity))
    }

    /// The public half of a version whose record was verified.
    func key(of version: VersionRecord) throws(KMSError) -> PublicKey {
        guard let info = version.publicKey else {
            throw .usageForbids("keys of \(version.algorithm.rawValue) have no public half")
        }
        if let key = known.withLock({ $0.use(info) }) { return key }
        let key: PublicKey
        do throws(LibCryptoError) {
            key = try PublicKey(der: info.der)
        } catch {
            throw .internalFailure("the public key of \(version.id) cannot be read: \(error)")
        }
        known.withLock { _ = $0.insert(key, for: info) }
        return key
    }
}

extension HashAlgorithm {
    /// The same function by the library's name.
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
    /// The same curve by the library's name.
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
    /// The same algorithm by the library's name.
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
