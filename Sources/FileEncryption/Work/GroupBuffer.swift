internal import Glibc
internal import LibCrypto

/// The memory of one thread: a slot for each chunk of a group, encrypted or decrypted in place. Erased when it is released.
final class GroupBuffer {
    private let layout: ChunkLayout
    // Allocated once, freed by deinit. Page-aligned, because the system copies that fastest.
    private let memory: UnsafeMutableRawBufferPointer
    /// One vector per slot.
    private let vectors: UnsafeMutableBufferPointer<iovec>

    init(_ layout: ChunkLayout) {
        self.layout = layout
        memory = .allocate(byteCount: layout.slotLength * layout.chunksPerGroup, alignment: 4096)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        vectors = .allocate(capacity: layout.chunksPerGroup)
        vectors.initialize(repeating: iovec())
    }

    deinit {
        if let start = memory.baseAddress { explicit_bzero(start, memory.count) }
        memory.deallocate()
        vectors.deallocate()
    }

    /// Returns a chunk's slot, its tag included.
    ///
    /// - Parameters:
    ///   - index: the chunk's index in the group.
    ///   - length: the chunk's number of input bytes.
    func slot(_ index: Int, inputLength length: Int) -> UnsafeMutableRawBufferPointer {
        let start = index * layout.slotLength
        let tag = layout.direction == .sealing ? ChunkCipher.tagLength : 0
        return UnsafeMutableRawBufferPointer(rebasing: memory[start..<(start + length + tag)])
    }

    /// Passes `body` the memory for the input, in order: one piece if the chunks are contiguous.
    ///
    /// - Parameters:
    ///   - length: the number of input bytes.
    ///   - body: returns true to continue.
    func forEachInput(
        of length: Int, _ body: (UnsafeMutableRawBufferPointer) throws(FileEncryptionError) -> Bool
    ) throws(FileEncryptionError) {
        try forEachPiece(of: length, pieceLength: layout.inputChunkLength, body)
    }

    /// Returns the same memory as vectors, for a read that fills all of them. Valid until the next call.
    func inputVectors(of length: Int) throws(FileEncryptionError) -> UnsafeMutableBufferPointer<iovec> {
        var count = 0
        try forEachInput(of: length) { (piece) throws(FileEncryptionError) in
            vectors[count] = iovec(iov_base: piece.baseAddress, iov_len: piece.count)
            count += 1
            return true
        }
        return UnsafeMutableBufferPointer(rebasing: vectors[..<count])
    }

    /// Passes `body` the output of a group, in order.
    func forEachOutput(
        of group: ChunkGroup, _ body: (UnsafeRawBufferPointer) throws(FileEncryptionError) -> Void
    ) throws(FileEncryptionError) {
        let tags = layout.chunkCount(of: group.inputLength) * ChunkCipher.tagLength
        let length = group.inputLength + (layout.direction == .sealing ? tags : -tags)
        try forEachPiece(of: length, pieceLength: layout.outputChunkLength) { (piece) throws(FileEncryptionError) in
            try body(UnsafeRawBufferPointer(piece))
            return true
        }
    }

    private func forEachPiece(
        of length: Int, pieceLength: Int, _ body: (UnsafeMutableRawBufferPointer) throws(FileEncryptionError) -> Bool
    ) throws(FileEncryptionError) {
        guard pieceLength < layout.slotLength else {
            _ = try body(UnsafeMutableRawBufferPointer(rebasing: memory[..<length]))
            return
        }
        var rest = length
        var start = 0
        while rest > 0 {
            let count = min(rest, pieceLength)
            guard try body(UnsafeMutableRawBufferPointer(rebasing: memory[start..<(start + count)])) else { return }
            rest -= count
            start += layout.slotLength
        }
    }
}
