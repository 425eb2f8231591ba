/// Something that is wrong with a chain, and where.
public struct AuditFinding: Hashable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A line is not what it was when the next one was written.
        case changed
        /// Lines are missing.
        case removed
        /// A line has a number that was there already.
        case inserted
        /// Lines stand in another order.
        case reordered
        /// Bytes that are no line in its canonical form.
        case malformed
        /// The last line has no line feed.
        case unfinished
        /// A whole file is missing.
        case missingFile = "missing-file"
        /// A file is not the one of its name, or of another chain.
        case wrongFile = "wrong-file"
        /// The chain ends before a checkpoint that was published.
        case cutOff = "cut-off"
        /// A published checkpoint is not in the chain.
        case notPublished = "published-differs"
        /// A checkpoint's signature is not that of the key.
        case badSignature = "bad-signature"
        /// A checkpoint was signed by a key that was not given.
        case wrongKey = "wrong-key"
        /// The lines before a checkpoint are not those that it was signed for.
        case rewritten
        /// Lines at the end are under no checkpoint.
        case uncovered
    }

    public let kind: Kind
    /// The file's name.
    public let file: String
    /// The line in that file, from 1; 0 when it is about the whole file.
    public let line: Int
    /// What is wrong, in words.
    public let text: String
}

/// What was found in a chain.
public struct AuditReport: Hashable, Sendable {
    public internal(set) var files = 0
    public internal(set) var lines: UInt64 = 0
    public internal(set) var operations: UInt64 = 0
    public internal(set) var checkpoints: UInt64 = 0
    /// How many lines at the end are under no checkpoint: what the chain proves of them is less.
    public internal(set) var uncoveredLines: UInt64 = 0
    /// How many published checkpoints were found in it.
    public internal(set) var publishedFound = 0
    public internal(set) var latest: AuditCheckpoint?
    /// The first ones; see ``findingCount``.
    public internal(set) var findings: [AuditFinding] = []
    public internal(set) var findingCount = 0

    /// How many findings are kept.
    static let mostFindings = 1000

    /// Whether nothing is wrong.
    public var isWhole: Bool { findingCount == 0 }

    mutating func add(_ kind: AuditFinding.Kind, _ place: LinePlace, _ text: String) {
        findingCount += 1
        guard findings.count < Self.mostFindings else { return }
        findings.append(AuditFinding(kind: kind, file: place.file, line: place.line, text: text))
    }
}

/// Where a line stands.
struct LinePlace: Hashable, Sendable {
    let file: String
    let line: Int
}
