package import KeyManagement

/// The header in front of the content: the chunk size, the wrapped data key, and the encryption context.
///
/// It has two parts. The first one, up to its MAC, is made once and stays. The second one is the wrapped data key. It names the key and
/// version that wrapped it, and the service authenticates it. Re-encryption replaces only this part.
package struct FileHeader: Hashable, Sendable {
    package let chunkSize: ChunkSize
    /// The salt, random for each file, so that files have different keys even under the same data key.
    let salt: [UInt8]
    /// The encryption context that the data key is bound to. Not secret.
    package let context: EncryptionContext
    /// The HMAC-SHA256 over all bytes before it, under a key that is derived from the data key.
    let mac: [UInt8]
    /// The data key as encrypted by the service, which names its key and version.
    package let wrappedKey: Ciphertext

    /// The first bytes of each encrypted file: `KMSFILE` and a zero.
    static let magic: [UInt8] = Array("KMSFILE\0".utf8)
    static let format: UInt8 = 1

    static let saltLength = 32
    static let macLength = 32
    static let dataKeyLength = 32
    static let wrappedKeyLength = Ciphertext.overhead + dataKeyLength
    /// The length of magic, format, chunk size, context length and salt.
    static let prefixLength = 8 + 1 + 1 + 2 + saltLength

    init(chunkSize: ChunkSize, salt: [UInt8], context: EncryptionContext, mac: [UInt8], wrappedKey: Ciphertext) {
        precondition(salt.count == Self.saltLength && mac.count == Self.macLength)
        self.chunkSize = chunkSize
        self.salt = salt
        self.context = context
        self.mac = mac
        self.wrappedKey = wrappedKey
    }

    /// Returns the bytes that the MAC covers.
    static func authenticatedBytes(chunkSize: ChunkSize, salt: [UInt8], context: EncryptionContext) -> [UInt8] {
        var encodedContext: [UInt8] = []
        context.encode(into: &encodedContext)
        // At most 8 KiB, which EncryptionContext ensures.
        let length = [UInt8(encodedContext.count >> 8), UInt8(encodedContext.count & 0xFF)]
        return magic + [format, chunkSize.exponent] + length + salt + encodedContext
    }

    var authenticatedBytes: [UInt8] {
        Self.authenticatedBytes(chunkSize: chunkSize, salt: salt, context: context)
    }

    /// The header as in the file.
    package var bytes: [UInt8] { authenticatedBytes + mac + wrappedKey.bytes }

    /// The length of the header in bytes: 159 plus the context's pairs.
    package var byteCount: Int { bytes.count }

    /// Returns the same header around the same data key, encrypted anew.
    ///
    /// - Throws: ``FileEncryptionError/malformedHeader(_:)`` if `new` is not a data key of 32 bytes under an AES key.
    package func replacingWrappedKey(_ new: Ciphertext) throws(FileEncryptionError) -> FileHeader {
        try Self.requireFit(new)
        return FileHeader(chunkSize: chunkSize, salt: salt, context: context, mac: mac, wrappedKey: new)
    }

    static func requireFit(_ wrappedKey: Ciphertext) throws(FileEncryptionError) {
        guard let box = wrappedKey.box, box.ciphertextAndTag.count == dataKeyLength + SealedBox.tagLength else {
            throw .malformedHeader("its data key is not 32 bytes, encrypted under an AES key")
        }
    }
}
