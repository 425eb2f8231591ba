public import KeyManagement

/// One line of an audit file.
public struct AuditLine: Hashable, Sendable {
    /// The number of the line in its chain, from 1.
    public let number: UInt64
    /// The hash of the previous line; zeros in the first line of a chain.
    public let previous: ChainHash
    public let content: Content

    public enum Content: Hashable, Sendable {
        /// The first line of each file; it appears nowhere else.
        case file(FileHeader)
        case operation(AuditEntry)
        case checkpoint(SignedCheckpoint)
        /// A process began to write.
        case opened(ProcessStart)
        /// A process ended normally.
        case closed(Timestamp)
    }

    /// The most bytes of a line, so that readers know how much memory to reserve.
    public static let longest = 1 << 20
}

/// The header that identifies a file and its chain.
public struct FileHeader: Hashable, Sendable {
    public let time: Timestamp
    /// The chain's id: 16 random bytes, which all files of the chain repeat.
    public let chain: [UInt8]
    /// The number in the file's name, from 1.
    public let file: UInt64
    /// The number of operations in the files before this one.
    public let entries: UInt64
}

/// The process that began to write, and the state in which it found the chain.
public struct ProcessStart: Hashable, Sendable {
    public let time: Timestamp
    public let version: String
    /// The label of the token, if there is one.
    public let token: String?
    /// The number of bytes of an unfinished line that the process cut off.
    public let cutBytes: UInt64
}

/// The signed statement of a checkpoint: the length of the chain, and its last hash.
public struct Checkpoint: Hashable, Sendable {
    public let time: Timestamp
    public let chain: [UInt8]
    /// The number of the last line that the checkpoint covers, together with all lines before it.
    public let through: UInt64
    /// The hash of that line.
    public let hash: ChainHash
    /// The number of operations that the checkpoint covers.
    public let entries: UInt64
    /// The SHA-256 of the public key's DER.
    public let key: [UInt8]
    /// The digest of the ``/KeyManagement/StateVector`` that was written with the checkpoint: 32 bytes; nil if there was none.
    public let state: [UInt8]?
}

/// A checkpoint with its signature: ECDSA on P-256 with SHA-256, in DER, `s` not above half the group's order.
public struct SignedCheckpoint: Hashable, Sendable {
    public let checkpoint: Checkpoint
    public let signature: [UInt8]
}
