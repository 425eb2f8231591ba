internal import KeyManagement
internal import LibCrypto
package import SecretMemory

/// Decrypts files that ``FileEncryptor`` made.
package struct FileDecryptor: Sendable {
    private let header: FileHeader
    private let keys: FileKeys

    /// Verifies the header's MAC.
    ///
    /// - Parameters:
    ///   - header: the header as read from the file.
    ///   - dataKey: the header's data key, decrypted by the service.
    /// - Throws: ``FileEncryptionError/headerNotAuthentic`` if the header was changed, or belongs to another data key.
    package init(header: FileHeader, dataKey: SecretBytes) throws(FileEncryptionError) {
        self.header = header
        keys = try FileKeys(dataKey: dataKey, salt: header.salt)
        guard keys.isAuthentic(header) else { throw .headerNotAuthentic }
    }

    /// Writes the content. Blocks the calling thread.
    ///
    /// A chunk is written only after its tag is verified, and nothing is written after a chunk that is not authentic. The last chunk of a
    /// regular file is verified before anything is written. If this throws, the written part is authentic, but incomplete.
    ///
    /// - Parameters:
    ///   - input: positioned after the header.
    ///   - output: empty.
    ///   - threads: the number of working threads; each has a buffer of 1 MiB.
    ///   - progress: called by any thread with the number of further bytes of encrypted content that are done.
    package func run(
        from input: FileInput, to output: FileOutput, threads: Int,
        progress: @escaping @Sendable (_ more: Int) -> Void = { _ in }
    ) throws(FileEncryptionError) {
        let passage = ChunkPipeline(keys: keys, layout: ChunkLayout(.opening, header.chunkSize), progress: progress)
        try passage.verifyEnd(of: input)
        try passage.run(from: input, to: output, threads: threads)
    }

    /// Reads a regular file to its end and verifies all of it, without writing anything. The input's position does not change.
    package func verify(
        _ input: FileInput, threads: Int, progress: @escaping @Sendable (_ more: Int) -> Void = { _ in }
    ) throws(FileEncryptionError) {
        precondition(input.position != nil, "only a regular file can be read twice")
        try run(from: input, to: .none, threads: threads, progress: progress)
    }
}
