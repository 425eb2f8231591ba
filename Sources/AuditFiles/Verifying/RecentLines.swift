/// The hashes of the lines read last, for the checkpoints that follow them.
struct RecentLines {
    struct Line {
        var number: UInt64 = 0
        var hash = ChainHash.none
        /// The number of operations up to the line; nil if lines before it are missing.
        var operations: UInt64?
    }

    /// The most lines between a checkpoint and the last line that it covers. They were written while it was signed.
    static let reach: UInt64 = 1 << 18

    /// A ring that grows up to its capacity, so that a small chain takes little memory.
    private var lines: [Line] = []
    private var base: UInt64?

    mutating func add(_ line: Line) {
        let base = base ?? line.number
        self.base = base
        guard line.number >= base else { return }
        let index = Int((line.number - base) % Self.reach)
        while lines.count <= index { lines.append(Line()) }
        lines[index] = line
    }

    subscript(number: UInt64) -> Line? {
        guard let base, number >= base else { return nil }
        let index = Int((number - base) % Self.reach)
        return index < lines.count && lines[index].number == number ? lines[index] : nil
    }
}
