internal import Glibc
internal import Synchronization

/// The source from which the threads take groups of chunks.
enum GroupSource: Sendable {
    /// A regular file: each thread reads its own group.
    case file(FileGroups)
    /// Any other input: read by one thread at a time.
    case stream(StreamGroups)

    init(_ input: FileInput, _ layout: ChunkLayout) {
        if let (offset, count) = input.position {
            self = .file(FileGroups(input, layout, offset: offset, count: count))
        } else {
            self = .stream(StreamGroups(input, layout))
        }
    }

    /// The number of groups; nil if it is unknown.
    var count: UInt64? {
        switch self {
        case .file(let groups): groups.groupCount
        case .stream: nil
        }
    }

    /// Reads the next free group; returns nil if there is none, or if the worker group has failed.
    func next(into buffer: GroupBuffer, for crew: WorkerGroup) throws(FileEncryptionError) -> ChunkGroup? {
        switch self {
        case .file(let groups): try groups.next(into: buffer, for: crew)
        case .stream(let groups): try groups.next(into: buffer, for: crew)
        }
    }
}

/// The groups of a regular file, of the length that it had when reading began.
final class FileGroups: Sendable {
    private let input: FileInput
    private let layout: ChunkLayout
    private let offset: off_t
    private let byteCount: UInt64
    let groupCount: UInt64
    private let taken = Atomic<UInt64>(0)

    init(_ input: FileInput, _ layout: ChunkLayout, offset: off_t, count: UInt64) {
        self.input = input
        self.layout = layout
        self.offset = offset
        byteCount = count
        groupCount = layout.groupCount(of: count)
    }

    func next(into buffer: GroupBuffer, for crew: WorkerGroup) throws(FileEncryptionError) -> ChunkGroup? {
        let index = taken.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < groupCount, !crew.hasFailed else { return nil }
        let start = index * UInt64(layout.inputGroupLength)
        let length = Int(min(UInt64(layout.inputGroupLength), byteCount - start))
        try input.read(into: try buffer.inputVectors(of: length), at: offset + off_t(start))
        return ChunkGroup(index: index, inputLength: length, isLast: index == groupCount - 1)
    }
}

/// The groups of a stream. Its end is unknown until it is reached, so one byte is read ahead of each whole group.
final class StreamGroups: Sendable {
    private struct State {
        var index: UInt64 = 0
        var ahead: UInt8?
        var hasEnded = false
    }

    private let input: FileInput
    private let layout: ChunkLayout
    /// Held while a thread reads, so that the others read what follows.
    private let state = Mutex(State())

    init(_ input: FileInput, _ layout: ChunkLayout) {
        self.input = input
        self.layout = layout
    }

    func next(into buffer: GroupBuffer, for crew: WorkerGroup) throws(FileEncryptionError) -> ChunkGroup? {
        try state.withLock { (state) throws(FileEncryptionError) in try next(&state, into: buffer, for: crew) }
    }

    private func next(
        _ state: inout State, into buffer: GroupBuffer, for crew: WorkerGroup
    ) throws(FileEncryptionError) -> ChunkGroup? {
        guard !state.hasEnded, !crew.hasFailed else { return nil }
        var length = 0
        try buffer.forEachInput(of: layout.inputGroupLength) { (piece) throws(FileEncryptionError) in
            let got = try fill(piece, after: &state.ahead, for: crew)
            length += got
            return got == piece.count
        }
        state.hasEnded = true
        if length == layout.inputGroupLength, let byte = try readAhead(for: crew) {
            state.ahead = byte
            state.hasEnded = false
        }
        // The input of a failed crew may end anywhere.
        guard !crew.hasFailed else { return nil }
        defer { state.index += 1 }
        return ChunkGroup(index: state.index, inputLength: length, isLast: state.hasEnded)
    }

    private func fill(
        _ piece: UnsafeMutableRawBufferPointer, after ahead: inout UInt8?, for crew: WorkerGroup
    ) throws(FileEncryptionError) -> Int {
        var count = 0
        if let byte = ahead.take() {
            piece[0] = byte
            count = 1
        }
        let rest = UnsafeMutableRawBufferPointer(rebasing: piece[count...])
        return count + (try input.read(into: rest) { crew.hasFailed })
    }

    private func readAhead(for crew: WorkerGroup) throws(FileEncryptionError) -> UInt8? {
        var byte: UInt8 = 0
        let got = withUnsafeMutableBytes(of: &byte) { place in
            Result { () throws(FileEncryptionError) in try input.read(into: place) { crew.hasFailed } }
        }
        return try got.get() == 1 ? byte : nil
    }
}
