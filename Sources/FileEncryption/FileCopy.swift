/// Copies a file under another header, with the same content, as re-encryption does.
package enum FileCopy {
    private static let blockLength = 1 << 20

    /// Writes a header, followed by the rest of the input, byte for byte. Blocks the calling thread.
    package static func run(
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
