public import KeyManagement
internal import LibCrypto

/// Decrypts what ``FileEncryptor`` made.
public struct FileDecryptor: Sendable {
    private let header: FileHeader
    private let keys: FileKeys

    /// Checks the header's MAC.
    ///
    /// - Parameter dataKey: what the service made of the header's wrapped data key.
    /// - Throws: ``FileEncryptionError/headerNotAuthentic`` when the header was changed, or is another data key's.
    public init(header: FileHeader, dataKey: SecretBytes) throws(FileEncryptionError) {
        self.header = header
        keys = try FileKeys(dataKey: dataKey, salt: header.salt)
        guard keys.isAuthentic(header) else { throw .headerNotAuthentic }
    }

    /// Writes the content. Blocks the thread that calls.
    ///
    /// Nothing of a chunk is written before its tag is verified, and after a chunk that is not authentic nothing more. The last chunk of
    /// a regular file is verified before anything is written at all. What was written when this throws is authentic, but
    /// not the whole.
    ///
    /// - Parameters:
    ///   - input: stands behind the header.
    ///   - output: is empty.
    ///   - threads: how many work at it; each has a buffer of 1 MiB.
    ///   - progress: is told how many bytes more of the encrypted content are done, by any thread.
    public func run(
        from input: FileInput, to output: FileOutput, threads: Int,
        progress: @escaping @Sendable (_ more: Int) -> Void = { _ in }
    ) throws(FileEncryptionError) {
        let passage = Passage(keys: keys, layout: ChunkLayout(.opening, header.chunkSize), progress: progress)
        try passage.verifyEnd(of: input)
        try passage.run(from: input, to: output, threads: threads)
    }

    /// Reads a regular file to its end and verifies all of it, without writing anything; the input stands where it stood.
    public func verify(
        _ input: FileInput, threads: Int, progress: @escaping @Sendable (_ more: Int) -> Void = { _ in }
    ) throws(FileEncryptionError) {
        precondition(input.position != nil, "only a regular file can be read twice")
        try run(from: input, to: .none, threads: threads, progress: progress)
    }
}
