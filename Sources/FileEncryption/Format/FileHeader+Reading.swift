internal import KeyManagement

extension FileHeader {
    /// Reads the header and leaves the input at the first chunk. Nothing is verified, because that needs the data key.
    package init(readFrom input: FileInput) throws(FileEncryptionError) {
        let prefix = try input.read(Self.prefixLength)
        // Checked first, because most wrong inputs are ordinary files.
        guard prefix.starts(with: Self.magic) else {
            throw Self.magic.starts(with: prefix) && !prefix.isEmpty ? .headerCutOff : .notEncrypted
        }
        let restLength = try Self.restLength(after: prefix)
        try self.init(prefix: prefix, rest: try input.read(restLength))
    }

    /// Returns the number of header bytes after the first 44.
    static func restLength(after prefix: [UInt8]) throws(FileEncryptionError) -> Int {
        guard prefix.count > 8 else { throw .headerCutOff }
        guard prefix[8] == format else { throw .unknownFormat(prefix[8]) }
        guard prefix.count == prefixLength else { throw .headerCutOff }
        let contextLength = Int(prefix[10]) << 8 | Int(prefix[11])
        guard (2...EncryptionContext.maxEncodingLength).contains(contextLength) else {
            throw .malformedHeader(
                "a context has 2 to \(EncryptionContext.maxEncodingLength) bytes, not \(contextLength)")
        }
        return contextLength + macLength + wrappedKeyLength
    }

    private init(prefix: [UInt8], rest: [UInt8]) throws(FileEncryptionError) {
        guard rest.count == (try Self.restLength(after: prefix)) else { throw .headerCutOff }
        guard let chunkSize = ChunkSize(exponent: prefix[9]) else {
            throw .malformedHeader("chunks of 2^\(prefix[9]) bytes are not allowed")
        }
        let contextLength = rest.count - Self.macLength - Self.wrappedKeyLength
        guard let context = EncryptionContext(encoded: Array(rest[..<contextLength])) else {
            throw .malformedHeader("its context cannot be read")
        }
        guard let wrappedKey = Ciphertext(bytes: Array(rest[(contextLength + Self.macLength)...])) else {
            throw .malformedHeader("its data key is no ciphertext of this service")
        }
        try Self.requireFit(wrappedKey)
        self.init(
            chunkSize: chunkSize, salt: Array(prefix[12...]), context: context,
            mac: Array(rest[contextLength..<(contextLength + Self.macLength)]), wrappedKey: wrappedKey)
    }
}
