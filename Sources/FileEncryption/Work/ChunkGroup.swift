internal import LibCrypto

/// Neighbouring chunks that one thread reads, encrypts or decrypts, and writes together.
struct ChunkGroup {
    /// The number of the group in its file, from 0.
    let index: UInt64
    /// The number of bytes of it that were read.
    let inputLength: Int
    /// True if the group ends with the file's last chunk.
    let isLast: Bool
}

/// The division of content into chunks, and of chunks into groups.
struct ChunkLayout: Sendable {
    let direction: AES256GCM.Direction
    let chunkLength: Int
    /// The length of a chunk in a buffer, in either direction: its content and its tag.
    let slotLength: Int
    let chunksPerGroup: Int

    /// The most chunks of a file: 256 TiB at 64 KiB. NIST SP 800-38D allows more, but this exceeds any practical file.
    static let maxChunks: UInt64 = 1 << 32

    /// The least number of bytes for one read and one write. Measured: reading 1 MiB at once from the page cache takes two thirds of the
    /// time of four reads of 256 KiB, and more gains nothing.
    private static let groupLength = 1024 * 1024

    init(_ direction: AES256GCM.Direction, _ size: ChunkSize) {
        self.direction = direction
        chunkLength = size.byteCount
        slotLength = size.byteCount + ChunkCipher.tagLength
        chunksPerGroup = max(1, Self.groupLength / size.byteCount)
    }

    /// The length of a whole chunk before and after processing.
    var inputChunkLength: Int { direction == .sealing ? chunkLength : slotLength }
    var outputChunkLength: Int { direction == .sealing ? slotLength : chunkLength }
    var inputGroupLength: Int { inputChunkLength * chunksPerGroup }
    var outputGroupLength: Int { outputChunkLength * chunksPerGroup }

    /// Returns the number of chunks of an input of this length: at least one.
    func chunkCount(of inputLength: Int) -> Int {
        max(1, (inputLength + inputChunkLength - 1) / inputChunkLength)
    }

    func groupCount(of inputLength: UInt64) -> UInt64 {
        let length = UInt64(inputGroupLength)
        return max(1, inputLength / length + (inputLength % length == 0 ? 0 : 1))
    }

    func firstChunk(of group: ChunkGroup) -> UInt64 { group.index * UInt64(chunksPerGroup) }
}
