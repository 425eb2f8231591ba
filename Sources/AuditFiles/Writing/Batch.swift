/// The content of a line before it has a number.
struct LineBody: Sendable {
    enum Kind: Sendable, Hashable {
        case operation
        case checkpoint
        case record
    }

    let kind: Kind
    /// The bytes from after the hash to the end of the line.
    let bytes: [UInt8]

    init(_ kind: Kind, _ bytes: [UInt8]) {
        self.kind = kind
        self.bytes = bytes
    }
}

/// The place of a written line in the chain.
struct WrittenLine: Sendable {
    let number: UInt64
    let previous: ChainHash
}

/// Lines that are written together.
struct Batch {
    /// The chain's head once the lines are written.
    private(set) var head: ChainHead
    private(set) var hasCheckpoint = false
    private let lengthBefore: UInt64
    private var writer = LineWriter(capacity: 4096)

    init(after head: ChainHead) {
        self.head = head
        lengthBefore = head.length
    }

    var bytes: [UInt8] { writer.bytes }

    mutating func add(_ body: LineBody) -> WrittenLine {
        let line = WrittenLine(number: head.number + 1, previous: head.hash)
        let start = writer.bytes.count
        writer.raw("{\"seq\":")
        writer.number(line.number)
        writer.raw(",\"prev\":")
        writer.hex(line.previous)
        writer.raw(body.bytes)
        head.number = line.number
        head.hash = writer.hash(from: start)
        writer.raw("\n")
        head.length = lengthBefore + UInt64(writer.bytes.count)
        switch body.kind {
        case .operation: head.entries += 1
        case .checkpoint: hasCheckpoint = true
        case .record: break
        }
        return line
    }
}

extension LineWriter {
    /// Returns the hash of the bytes written since `start`.
    fileprivate func hash(from start: Int) -> ChainHash {
        bytes.withUnsafeBytes { ChainHash(of: UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }
}
