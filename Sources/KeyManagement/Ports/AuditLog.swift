/// The audit log that the domain requires: a durable, append-only record of decisions.
///
/// When ``append(_:)`` returns, the entry is durable, unless the operator has configured otherwise. The service answers no
/// caller before that: an operation whose entry cannot be written has failed, even if it took effect.
package protocol AuditLog: Sendable {
    func append(_ entry: AuditEntry) async throws(AuditError)

    /// The latest checkpoint as it stands in the log, to be published elsewhere; `nil` if there is none.
    var publishedCheckpoint: String? { get }

    /// Returns the log's latest statements about records of the store, for at most `limit` of the records changed last.
    func witnessedRecords(limit: Int) async throws(AuditError) -> [WitnessedRecord]

    /// Returns the last checkpoints as they stand in the log, the oldest first.
    func checkpoints(limit: Int) async throws(AuditError) -> [String]

    /// Throws if entries cannot be written.
    func checkHealth() async throws(AuditError)
}

/// The reason why an entry is not in the audit log.
package enum AuditError: Error, Hashable, Sendable {
    /// Too many entries wait. The caller may retry.
    case busy(String)
    /// The log cannot be written: the disk is full, or another program changed the files.
    case unavailable(String)
}

/// One decision and its outcome. It never contains plaintext, ciphertext, tokens or PINs.
package struct AuditEntry: Hashable, Sendable {
    /// The outcome of an operation.
    package enum Outcome: String, Sendable, CaseIterable {
        /// Allowed, and about to be done. Written before a change is stored, so that no change happens without a trace.
        case intended
        /// Allowed and done.
        case succeeded
        /// Allowed, but failed.
        case failed
        /// Not allowed, or the caller was not authenticated.
        case denied
    }

    /// A record of the store that was changed. An older copy of the store is detected by it.
    package struct ChangedRecord: Hashable, Sendable {
        /// `key`, `version`, `alias`, `importJob`, `answer`, or the name of a ``DirectoryKind``.
        package let kind: String
        /// The record's place in the store: the id of a key, `<key id>/<number>` of a version, the name of other records.
        package let id: String
        /// The record's revision, which grows with each change; 0 if the record was deleted.
        package let revision: UInt64
        /// SHA-256 of the record's canonical form; of its tombstone if it was deleted. 32 bytes.
        package let digest: [UInt8]

        package init(kind: String, id: String, revision: UInt64, digest: [UInt8]) {
            self.kind = kind
            self.id = id
            self.revision = revision
            self.digest = digest
        }
    }

    /// The uses of one version in a batch.
    package struct Use: Hashable, Sendable {
        /// The key; `nil` for items that could not be read as belonging to any key.
        package let key: KeyID?
        package let version: VersionNumber?
        package let succeeded: Int
        package let failed: Int

        package init(key: KeyID?, version: VersionNumber?, succeeded: Int, failed: Int) {
            self.key = key
            self.version = version
            self.succeeded = succeeded
            self.failed = failed
        }
    }

    package var time: Timestamp
    package var requestID: String
    /// The subject that made the request; `nil` if it was not authenticated.
    package var subject: SubjectID?
    /// The method of authentication: `token:<id>`, `jwt:<issuer>`, `certificate:<fingerprint>`, `system`; `nil` if there was
    /// none.
    package var authentication: String?
    /// The IP address that the request came from.
    package var source: String?
    package var project: ProjectID?
    /// A ``Verb``'s name.
    package var verb: String
    package var key: KeyID?
    package var version: VersionNumber?
    /// The uses of versions; empty unless the operation was a batch.
    package var uses: [Use] = []
    package var outcome: Outcome
    /// `SUCCESS`, or the stable code of the failure.
    package var code: String
    /// The rule that allowed or denied the operation.
    package var reason: String
    /// SHA-256 of the encryption context's canonical form; `nil` if there was none. 32 bytes.
    package var contextDigest: [UInt8]?
    /// The records that the operation stores.
    ///
    /// For an intended operation, those of the next transaction. For any other, all that were stored, in order, whatever the
    /// outcome. A record that is stored twice is listed twice.
    package var changes: [ChangedRecord] = []
    /// The shard counters of the state digest that the operation reached; for an intended operation, those it would reach.
    package var state: [StateStep] = []
    /// Further details by name, such as the target of an administrative operation.
    package var details: [String: String] = [:]

    package init(
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
