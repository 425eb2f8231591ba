/// The end of a chain, as far as it is written and, where that was asked for, on disk.
struct ChainHead: Hashable, Sendable {
    let chain: [UInt8]
    var file: UInt64
    /// The length of that file.
    var length: UInt64
    /// The number of the last line.
    var number: UInt64
    /// Its hash.
    var hash: ChainHash
    /// How many operations there are so far.
    var entries: UInt64
}
