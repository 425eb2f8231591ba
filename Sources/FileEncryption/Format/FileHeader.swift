public import KeyManagement

/// What stands before the content: how it is cut, by which key its data key is encrypted, and what it is bound to.
///
/// Two parts. The first one, up to its MAC, is made once and stays. The second one is the wrapped data key: it says which key and
/// which version wrapped it, the service authenticates it, and re-encryption replaces it and nothing else.
public struct FileHeader: Hashable, Sendable {
    public let chunkSize: ChunkSize
    /// Random, one a file: files have different keys even if they should have the same data key.
    let salt: [UInt8]
    /// The encryption context that the data key is bound to. Not secret.
    public let context: EncryptionContext
    /// HMAC-SHA256 over all that stands before it, by a key that is derived from the data key.
    let mac: [UInt8]
    /// The data key as the service encrypted it; names its key and version.
    public let wrappedKey: Ciphertext

    /// The first bytes of each encrypted file: `KMSFILE` and a zero.
    static let magic: [UInt8] = Array("KMSFILE\0".utf8)
    static let format: UInt8 = 1

    static let saltLength = 32
    static let macLength = 32
    static let dataKeyLength = 32
    static let wrappedKeyLength = Ciphertext.overhead + dataKeyLength
    /// Magic, format, chunk size, length of the context, salt.
    static let prefixLength = 8 + 1 + 1 + 2 + saltLength

    init(chunkSize: ChunkSize, salt: [UInt8], context: EncryptionContext, mac: [UInt8], wrappedKey: Ciphertext) {
        precondition(salt.count == Self.saltLength && mac.count == Self.macLength)
        self.chunkSize = chunkSize
        self.salt = salt
        self.context = context
        self.mac = mac
        self.wrappedKey = wrappedKey
    }

    /// What the MAC is made over.
    static func authenticatedBytes(chunkSize: ChunkSize, salt: [UInt8], context: EncryptionContext) -> [UInt8] {
        var encodedContext: [UInt8] = []
        context.encode(into: &encodedContext)
        // 8 KiB at most, which EncryptionContext sees to.
        let length = [UInt8(encodedContext.count >> 8), UInt8(encodedContext.count & 0xFF)]
        return magic + [format, chunkSize.exponent] + length + salt + encodedContext
    }

    var authenticatedBytes: [UInt8] {
        Self.authenticatedBytes(chunkSize: chunkSize, salt: salt, context: context)
    }

    /// The header as it stands in the file.
    public var bytes: [UInt8] { authenticatedBytes + mac + wrappedKey.bytes }

    /// How many bytes the header has: 159 and what the context's pairs take.
    public var byteCount: Int { bytes.count }

    /// The same header around the same data key, encrypted anew.
    ///
    /// - Throws: ``FileEncryptionError/malformedHeader(_:)`` when that is no data key of 32 bytes under an AES key.
    public func replacingWrappedKey(_ new: Ciphertext) throws(FileEncryptionError) -> FileHeader {
        try Self.requireFit(new)
        return FileHeader(chunkSize: chunkSize, salt: salt, context: context, mac: mac, wrappedKey: new)
    }

    static func requireFit(_ wrappedKey: Ciphertext) throws(FileEncryptionError) {
        guard let box = wrappedKey.box, box.ciphertextAndTag.count == dataKeyLength + SealedBox.tagLength else {
            throw .malformedHeader("its data key is not 32 bytes, encrypted under an AES key")
        }
    }
}
