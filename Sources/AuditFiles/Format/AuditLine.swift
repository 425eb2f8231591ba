public import KeyManagement

/// One line of an audit file.
public struct AuditLine: Hashable, Sendable {
    /// Counts all lines of a chain, from 1.
    public let number: UInt64
    /// The hash of the line before; zeros in the first line of a chain.
    public let previous: ChainHash
    public let content: Content

    public enum Content: Hashable, Sendable {
        /// The first line of each file, and of no other place.
        case file(FileHeader)
        case operation(AuditEntry)
        case checkpoint(SignedCheckpoint)
        /// A process began to write.
        case opened(ProcessStart)
        /// A process ended as it should.
        case closed(Timestamp)
    }

    /// The most bytes that a line may have, so that whoever reads knows how much room to take.
    public static let longest = 1 << 20
}

/// Says which file this is, of which chain.
public struct FileHeader: Hashable, Sendable {
    public let time: Timestamp
    /// 16 random bytes that all files of a chain repeat.
    public let chain: [UInt8]
    /// As in the file's name, from 1.
    public let file: UInt64
    /// How many operations the files before this one have.
    public let entries: UInt64
}

/// Which process began to write, and what it found.
public struct ProcessStart: Hashable, Sendable {
    public let time: Timestamp
    public let version: String
    /// The label of the token, when there is one.
    public let token: String?
    /// How many bytes of an unfinished line it cut off.
    public let cutBytes: UInt64
}

/// What is signed now and then: how long the chain is, and its last hash.
public struct Checkpoint: Hashable, Sendable {
    public let time: Timestamp
    public let chain: [UInt8]
    /// The number of the last line that it covers, with all lines before.
    public let through: UInt64
    /// That line's hash.
    public let hash: ChainHash
    /// How many operations it covers.
    public let entries: UInt64
    /// SHA-256 of the DER of the public key.
    public let key: [UInt8]
    /// The digest of the ``/KeyManagement/StateVector`` that was written with the checkpoint: 32 bytes; nil when there was none.
    public let state: [UInt8]?
}

/// A checkpoint with its signature: ECDSA on P-256 with SHA-256, in DER, `s` not above half the group's order.
public struct SignedCheckpoint: Hashable, Sendable {
    public let checkpoint: Checkpoint
    public let signature: [UInt8]
}
