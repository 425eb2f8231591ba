/// What re-encryption does with a file: another header, the same content.
public enum FileCopy {
    private static let blockLength = 1 << 20

    /// Writes a header and, behind it, what is left of the input, byte for byte. Blocks the thread that calls.
    public static func run(
        _ header: FileHeader, contentFrom input: FileInput, to output: FileOutput,
        progress: @Sendable (_ more: Int) -> Void = { _ in }
    ) throws(FileEncryptionError) {
        try output.write(header.bytes)
        // Freed at the end; it holds ciphertext only.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: blockLength, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let count = try input.read(into: buffer) { false }
            guard count > 0 else { return }
            try output.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            progress(count)
        }
    }
}
