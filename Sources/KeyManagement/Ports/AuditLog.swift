/// What the domain needs from an audit log: entries that stay.
///
/// When ``append(_:)`` returns, the entry is durable, unless the operator has configured otherwise. The service answers nobody
/// before that: an operation whose entry cannot be written has failed, whatever it did.
public protocol AuditLog: Sendable {
    func append(_ entry: AuditEntry) async throws(AuditError)

    /// The latest checkpoint as it stands in the log, to be published elsewhere; nil when there is none.
    var publishedCheckpoint: String? { get }

    /// What the log says last of records of the store, of those that were changed last.
    func witnessedRecords(limit: Int) async throws(AuditError) -> [WitnessedRecord]

    /// The last checkpoints as they stand in the log, the oldest first.
    func checkpoints(limit: Int) async throws(AuditError) -> [String]

    /// Fails when entries cannot be written.
    func checkHealth() async throws(AuditError)
}

/// Why an entry is not in the audit log.
public enum AuditError: Error, Hashable, Sendable {
    /// Too many entries wait. Worth trying again.
    case busy(String)
    /// The log cannot be written: the disk is full, or the files were changed by others.
    case unavailable(String)
}

/// One decision, and what came of it. Never plaintext, ciphertext, tokens or PINs.
public struct AuditEntry: Hashable, Sendable {
    /// What came of it.
    public enum Outcome: String, Sendable, CaseIterable {
        /// Allowed, and about to be done: written before a change is stored, so that none happens without a trace.
        case intended
        /// Allowed and done.
        case succeeded
        /// Allowed, but it could not be done.
        case failed
        /// Not allowed, or nobody knows who asked.
        case denied
    }

    /// A record of the store that was changed, so that an older copy of the store can be told.
    public struct ChangedRecord: Hashable, Sendable {
        /// `key`, `version`, `alias`, `importJob`, `answer`, or the name of a ``DirectoryKind``.
        public let kind: String
        /// The record's place in the store: the id of a key, `<key id>/<number>` of a version, the name of other records.
        public let id: String
        /// Grows with each change. 0 when the record was deleted.
        public let revision: UInt64
        /// SHA-256 of the record's canonical form; of its tombstone when it was deleted. 32 bytes.
        public let digest: [UInt8]

        public init(kind: String, id: String, revision: UInt64, digest: [UInt8]) {
            self.kind = kind
            self.id = id
            self.revision = revision
            self.digest = digest
        }
    }

    /// What a batch did with one version.
    public struct Use: Hashable, Sendable {
        /// Nil for items that could not be read as something of any key.
        public let key: KeyID?
        public let version: VersionNumber?
        public let succeeded: Int
        public let failed: Int

        public init(key: KeyID?, version: VersionNumber?, succeeded: Int, failed: Int) {
            self.key = key
            self.version = version
            self.succeeded = succeeded
            self.failed = failed
        }
    }

    public var time: Timestamp
    public var requestID: String
    /// Who asked; nil when nobody knows.
    public var subject: SubjectID?
    /// How the subject was authenticated: `token:<id>`, `jwt:<issuer>`, `certificate:<fingerprint>`, `system`; nil when it was not.
    public var authentication: String?
    /// Where the request came from: an IP address.
    public var source: String?
    public var project: ProjectID?
    /// A ``Verb``'s name.
    public var verb: String
    public var key: KeyID?
    public var version: VersionNumber?
    /// Of batches only.
    public var uses: [Use] = []
    public var outcome: Outcome
    /// `SUCCESS`, or the stable code of the failure.
    public var code: String
    /// Which rule allowed or denied it.
    public var reason: String
    /// SHA-256 of the encryption context's canonical form; nil when there was none. 32 bytes.
    public var contextDigest: [UInt8]?
    /// The records that the operation stores: of an intended operation those of the transaction that comes next, else all that were
    /// stored, in their order, whatever came of the operation. A record that is stored twice is listed twice.
    public var changes: [ChangedRecord] = []
    /// How far the operation has taken the shards of the state digest; of an intended operation, how far it would.
    public var state: [StateStep] = []
    /// What else there is to know, by name: the target of an administrative act, say.
    public var details: [String: String] = [:]

    public init(
        time: Timestamp, requestID: String, subject: SubjectID?, verb: String, outcome: Outcome, code: String,
        reason: String
    ) {
        self.time = time
        self.requestID = requestID
        self.subject = subject
        self.verb = verb
        self.outcome = outcome
        self.code = code
        self.reason = reason
    }
}
