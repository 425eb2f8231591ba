/// The end of a chain, as far as it is written and, if durability is on, on disk.
struct ChainHead: Hashable, Sendable {
    let chain: [UInt8]
    var file: UInt64
    /// The length of that file.
    var length: UInt64
    /// The number of the last line.
    var number: UInt64
    /// The hash of the last line.
    var hash: ChainHash
    /// The number of operations so far.
    var entries: UInt64
}
