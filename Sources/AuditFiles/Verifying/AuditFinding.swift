/// A defect of a chain, and its place.
package struct AuditFinding: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A line differs from the one that was present when the next was written.
        case changed
        /// Lines are missing.
        case removed
        /// A line has a number that was used before.
        case inserted
        /// Lines stand in another order.
        case reordered
        /// Bytes are not a line in canonical form.
        case malformed
        /// The last line has no line feed.
        case unfinished
        /// A whole file is missing.
        case missingFile = "missing-file"
        /// A file does not have the number of its name, or belongs to another chain.
        case wrongFile = "wrong-file"
        /// The chain ends before a published checkpoint.
        case cutOff = "cut-off"
        /// A published checkpoint is not in the chain.
        case notPublished = "published-differs"
        /// A checkpoint's signature is not valid under the key.
        case badSignature = "bad-signature"
        /// A checkpoint was signed by a key that was not given.
        case wrongKey = "wrong-key"
        /// The lines before a checkpoint are not those that it was signed for.
        case rewritten
        /// Lines at the end are not covered by a checkpoint.
        case uncovered
    }

    package let kind: Kind
    /// The file's name.
    package let file: String
    /// The line in that file, from 1; 0 for the whole file.
    package let line: Int
    /// A description of the defect.
    package let text: String
}

/// The result of verifying a chain.
package struct AuditReport: Hashable, Sendable {
    package internal(set) var files = 0
    package internal(set) var lines: UInt64 = 0
    package internal(set) var operations: UInt64 = 0
    package internal(set) var checkpoints: UInt64 = 0
    /// The number of lines at the end that no checkpoint covers; the chain proves less about them.
    package internal(set) var uncoveredLines: UInt64 = 0
    /// The first places at which the service started again behind operations that no checkpoint covered. It had crashed before, or
    /// the token did not sign, or somebody wrote the operations while it was stopped.
    package internal(set) var unsignedRestarts: [UnsignedRestart] = []
    /// The number of published checkpoints that were found in the chain.
    package internal(set) var publishedFound = 0
    package internal(set) var latest: AuditCheckpoint?
    /// The first findings; ``findingCount`` counts all of them.
    package internal(set) var findings: [AuditFinding] = []
    package internal(set) var findingCount = 0

    /// The most findings that are kept.
    static let maxFindings = 1000

    /// True if there is no finding.
    package var isWhole: Bool { findingCount == 0 }

    mutating func add(_ kind: AuditFinding.Kind, _ place: LinePlace, _ text: String) {
        findingCount += 1
        guard findings.count < Self.maxFindings else { return }
        findings.append(AuditFinding(kind: kind, file: place.file, line: place.line, text: text))
    }
}

/// Operations that no checkpoint covered when the service started again, and whose first signature is that of the next run.
package struct UnsignedRestart: Hashable, Sendable {
    /// The number of operations.
    package let operations: UInt64
    /// The file of the opening record.
    package let file: String
    /// The line of the opening record in that file, from 1.
    package let line: Int
}

/// The place of a line.
struct LinePlace: Hashable, Sendable {
    let file: String
    let line: Int
}
