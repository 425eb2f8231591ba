package import KeyManagement
internal import LibCrypto
package import SecretMemory

/// Encrypts content under a data key that the caller has obtained.
package struct FileEncryptor: Sendable {
    /// The header in front of the content.
    package let header: FileHeader
    private let keys: FileKeys

    /// Makes the header, with a new random salt.
    ///
    /// - Parameters:
    ///   - dataKey: 32 random bytes, for this file only.
    ///   - wrappedKey: the same key, encrypted by the service and bound to `context`.
    ///   - context: the encryption context that `wrappedKey` is bound to.
    ///   - chunkSize: the number of plaintext bytes of each chunk but the last.
    package init(
        dataKey: SecretBytes, wrappedKey: Ciphertext, context: EncryptionContext, chunkSize: ChunkSize = .standard
    ) throws(FileEncryptionError) {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<FileHeader.saltLength).map { _ in UInt8.random(in: 0...255, using: &generator) }
        try self.init(
            dataKey: dataKey, wrappedKey: wrappedKey, context: context, chunkSize: chunkSize, salt: salt)
    }

    /// Makes the header with a known salt, for test vectors.
    init(
        dataKey: SecretBytes, wrappedKey: Ciphertext, context: EncryptionContext, chunkSize: ChunkSize, salt: [UInt8]
    ) throws(FileEncryptionError) {
        try FileHeader.requireFit(wrappedKey)
        keys = try FileKeys(dataKey: dataKey, salt: salt)
        let bytes = FileHeader.authenticatedBytes(chunkSize: chunkSize, salt: salt, context: context)
        header = FileHeader(
            chunkSize: chunkSize, salt: salt, context: context, mac: keys.mac(over: bytes), wrappedKey: wrappedKey)
    }

    /// Writes the header and the encrypted content. Blocks the calling thread.
    ///
    /// - Parameters:
    ///   - input: the plaintext.
    ///   - output: empty.
    ///   - threads: the number of working threads; each has a buffer of 1 MiB.
    ///   - progress: called by any thread with the number of further bytes of content that are done.
    package func run(
        from input: FileInput, to output: FileOutput, threads: Int,
        progress: @escaping @Sendable (_ more: Int) -> Void = { _ in }
    ) throws(FileEncryptionError) {
        try output.write(header.bytes)
        let passage = ChunkPipeline(keys: keys, layout: ChunkLayout(.sealing, header.chunkSize), progress: progress)
        try passage.run(from: input, to: output, at: header.byteCount, threads: threads)
    }
}
