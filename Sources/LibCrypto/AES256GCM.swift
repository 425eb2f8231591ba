internal import CLibCrypto

/// AES-256 in Galois/Counter Mode (NIST SP 800-38D) under one key, for many messages in place, without allocating.
///
/// It belongs to one thread at a time. The library erases its copy of the key when the last reference is released.
package final class AES256GCM {
    /// The direction of a value, for which the library sets up its tables.
    package enum Direction: Sendable {
        case sealing
        case opening
    }

    package static let keyLength = 32
    package static let nonceLength = 12
    package static let tagLength = 16

    private let context: OpaquePointer
    private let direction: Direction

    /// Sets up the key.
    ///
    /// - Parameters:
    ///   - key: 32 bytes; the caller remains responsible for them.
    ///   - direction: encryption or decryption.
    package init(key: UnsafeRawBufferPointer, _ direction: Direction) throws(LibCryptoError) {
        guard key.count == Self.keyLength else { throw .unfit("AES-256 has keys of 32 bytes") }
        guard let context = EVP_CIPHER_CTX_new() else { throw .failed("no context") }
        self.context = context
        self.direction = direction
        let start = key.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let isReady =
            switch direction {
            case .sealing: EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, start, nil)
            case .opening: EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, start, nil)
            }
        // deinit frees the context in this case too, because all properties are set.
        guard isReady == 1 else { throw .failed("AES-256-GCM cannot be set up") }
    }

    deinit {
        EVP_CIPHER_CTX_free(context)
    }

    /// Encrypts a message in place and writes its tag of 16 bytes.
    ///
    /// - Parameters:
    ///   - message: the plaintext, which the ciphertext replaces.
    ///   - nonce: 12 bytes, never used twice under one key.
    ///   - tag: receives the 16 bytes of the tag.
    package func seal(
        _ message: UnsafeMutableRawBufferPointer, nonce: UnsafeRawBufferPointer, tag: UnsafeMutableRawBufferPointer
    ) throws(LibCryptoError) {
        precondition(direction == .sealing && nonce.count == Self.nonceLength && tag.count == Self.tagLength)
        // All buffers are the caller's, valid in this call; the library allows input and output to be the same.
        let start = message.baseAddress?.assumingMemoryBound(to: UInt8.self)
        var written: Int32 = 0
        guard let length = Int32(exactly: message.count),
            EVP_EncryptInit_ex(context, nil, nil, nil, nonce.baseAddress?.assumingMemoryBound(to: UInt8.self)) == 1,
            length == 0 || EVP_EncryptUpdate(context, start, &written, start, length) == 1, written == length,
            EVP_EncryptFinal_ex(context, tag.baseAddress?.assumingMemoryBound(to: UInt8.self), &written) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagLength), tag.baseAddress) == 1
        else {
            ERR_clear_error()
            throw .failed("AES-256-GCM does not encrypt")
        }
    }

    /// Decrypts a message in place.
    ///
    /// - Parameters:
    ///   - message: the ciphertext, which the plaintext replaces.
    ///   - nonce: the 12 bytes that the message was encrypted with.
    ///   - tag: 16 bytes, which are only read.
    /// - Returns: true if the tag is valid. If not, the content of `message` is not a plaintext and must not be used.
    package func open(
        _ message: UnsafeMutableRawBufferPointer, nonce: UnsafeRawBufferPointer, tag: UnsafeMutableRawBufferPointer
    ) -> Bool {
        precondition(direction == .opening && nonce.count == Self.nonceLength && tag.count == Self.tagLength)
        let start = message.baseAddress?.assumingMemoryBound(to: UInt8.self)
        var written: Int32 = 0
        // The library requires an output address, and writes nothing there.
        var nothing: UInt8 = 0
        guard let length = Int32(exactly: message.count),
            EVP_DecryptInit_ex(context, nil, nil, nil, nonce.baseAddress?.assumingMemoryBound(to: UInt8.self)) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagLength), tag.baseAddress) == 1,
            length == 0 || EVP_DecryptUpdate(context, start, &written, start, length) == 1, written == length,
            EVP_DecryptFinal_ex(context, &nothing, &written) == 1
        else {
            ERR_clear_error()
            return false
        }
        return true
    }
}
