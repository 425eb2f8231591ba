internal import Crypto
internal import KeyManagement
internal import LibCrypto
import SecretMemory

/// The keys that are derived from a data key for one file, by HKDF-SHA256 (RFC 5869) with the file's salt.
///
/// The wrapped form of the data key is not an input, so it may be replaced without touching the content.
struct FileKeys: Sendable {
    private let headerKey: SymmetricKey
    private let payloadKey: SymmetricKey

    init(dataKey: SecretBytes, salt: [UInt8]) throws(FileEncryptionError) {
        guard dataKey.count == FileHeader.dataKeyLength else {
            throw .malformedHeader("its data key has \(dataKey.count) bytes, not \(FileHeader.dataKeyLength)")
        }
        // SymmetricKey erases its memory when it is released.
        let material = dataKey.withUnsafeBytes { SymmetricKey(data: $0) }
        headerKey = Self.derive(material, salt, "hsm-kms/file/1/header")
        payloadKey = Self.derive(material, salt, "hsm-kms/file/1/payload")
    }

    private static func derive(_ material: SymmetricKey, _ salt: [UInt8], _ purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: material, salt: salt, info: Array(purpose.utf8), outputByteCount: AES256GCM.keyLength)
    }

    func mac(over bytes: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: headerKey))
    }

    /// Verifies a MAC in constant time.
    func isAuthentic(_ header: FileHeader) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(
            header.mac, authenticating: header.authenticatedBytes, using: headerKey)
    }

    /// Returns a cipher for one thread.
    func cipher(_ direction: AES256GCM.Direction) throws(FileEncryptionError) -> ChunkCipher {
        let made = payloadKey.withUnsafeBytes { key in
            Result { () throws(LibCryptoError) in try AES256GCM(key: key, direction) }
        }
        switch made {
        case .success(let cipher): return ChunkCipher(cipher)
        case .failure(let error): throw .library("\(error)")
        }
    }
}
