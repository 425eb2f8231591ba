package import KeyManagement

/// One line of an audit file.
package struct AuditLine: Hashable, Sendable {
    /// The number of the line in its chain, from 1.
    package let number: UInt64
    /// The hash of the previous line; zeros in the first line of a chain.
    package let previous: ChainHash
    package let content: Content

    package enum Content: Hashable, Sendable {
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
    package static let maxLength = 1 << 20
}

/// The header that identifies a file and its chain.
package struct FileHeader: Hashable, Sendable {
    package let time: Timestamp
    /// The chain's id: 16 random bytes, which all files of the chain repeat.
    package let chain: [UInt8]
    /// The number in the file's name, from 1.
    package let file: UInt64
    /// The number of operations in the files before this one.
    package let entries: UInt64
}

/// The process that began to write, and the state in which it found the chain.
package struct ProcessStart: Hashable, Sendable {
    package let time: Timestamp
    package let version: String
    /// The label of the token, if there is one.
    package let token: String?
    /// The number of bytes of an unfinished line that the process cut off.
    package let cutBytes: UInt64
}

/// The signed statement of a checkpoint: the length of the chain, and its last hash.
package struct Checkpoint: Hashable, Sendable {
    package let time: Timestamp
    package let chain: [UInt8]
    /// The number of the last line that the checkpoint covers, together with all lines before it.
    package let through: UInt64
    /// The hash of that line.
    package let hash: ChainHash
    /// The number of operations that the checkpoint covers.
    package let entries: UInt64
    /// The SHA-256 of the public key's DER.
    package let key: [UInt8]
    /// The digest of the ``/KeyManagement/StateVector`` that was written with the checkpoint: 32 bytes; nil if there was none.
    package let state: [UInt8]?
}

/// A checkpoint with its signature: ECDSA on P-256 with SHA-256, in DER, `s` not above half the group's order.
package struct SignedCheckpoint: Hashable, Sendable {
    package let checkpoint: Checkpoint
    package let signature: [UInt8]
}
