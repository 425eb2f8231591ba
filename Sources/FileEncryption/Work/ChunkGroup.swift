internal import LibCrypto

/// Neighbouring chunks that one thread reads, seals or opens, and writes in one go.
struct ChunkGroup {
    /// Counts the groups of a file, from 0.
    let index: UInt64
    /// How many bytes of it were read.
    let inputLength: Int
    /// Whether the file's last chunk is its last one.
    let isLast: Bool
}

/// How content is cut into chunks, and chunks are put into groups.
struct ChunkLayout: Sendable {
    let direction: AES256GCM.Direction
    let chunkLength: Int
    /// What a chunk takes in a buffer, in either direction: its content and its tag.
    let slotLength: Int
    let chunksPerGroup: Int

    /// The most chunks of a file. NIST SP 800-38D allows more; a thousand times what anybody has is enough: 256 TiB at 64 KiB.
    static let mostChunks: UInt64 = 1 << 32

    /// What one read and one write should have at least. Measured: reading 1 MiB at once from the page cache takes two thirds of
    /// the time of four times 256 KiB, and more gains nothing.
    private static let groupLength = 1024 * 1024

    init(_ direction: AES256GCM.Direction, _ size: ChunkSize) {
        self.direction = direction
        chunkLength = size.byteCount
        slotLength = size.byteCount + ChunkCipher.tagLength
        chunksPerGroup = max(1, Self.groupLength / size.byteCount)
    }

    /// What a whole chunk is before, and after.
    var inputChunkLength: Int { direction == .sealing ? chunkLength : slotLength }
    var outputChunkLength: Int { direction == .sealing ? slotLength : chunkLength }
    var inputGroupLength: Int { inputChunkLength * chunksPerGroup }
    var outputGroupLength: Int { outputChunkLength * chunksPerGroup }

    /// How many chunks so many bytes of input are: at least one.
    func chunkCount(of inputLength: Int) -> Int {
        max(1, (inputLength + inputChunkLength - 1) / inputChunkLength)
    }

    func groupCount(of inputLength: UInt64) -> UInt64 {
        let length = UInt64(inputGroupLength)
        return max(1, inputLength / length + (inputLength % length == 0 ? 0 : 1))
    }

    func firstChunk(of group: ChunkGroup) -> UInt64 { group.index * UInt64(chunksPerGroup) }
}
