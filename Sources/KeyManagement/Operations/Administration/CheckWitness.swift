internal import Crypto
internal import Logging

/// What a witness outside the store has seen of one record: the last change that was done.
public struct WitnessedRecord: Hashable, Sendable {
    public let kind: String
    public let id: String
    public var done: AuditEntry.ChangedRecord?

    public init(kind: String, id: String) {
        self.kind = kind
        self.id = id
    }

    /// Whether the store can be asked for records of a kind. Those of other kinds belong to a key, whose own record covers them, or have no
    /// order of their own: an alias that was deleted begins anew with revision 1.
    public static func isWatched(_ kind: String) -> Bool { kind == keyKind || DirectoryKind(rawValue: kind) != nil }

    static let keyKind = "key"
}

/// A record of the store that is older than what a witness has seen, or another, or gone.
public struct SetBackRecord: Hashable, Sendable {
    public let kind: String
    public let id: String
    /// What is wrong.
    public let finding: String
    /// As it is in the store; nil when it is not there.
    let current: AuditEntry.ChangedRecord?
}

extension KeyService {
    /// Holds the store against what the audit log says of it: a store that was replaced by an older copy of itself, or a record that
    /// was set back, is not as new as what was written down.
    ///
    /// A record that is newer is none: other processes write logs of their own.
    public func checkWitness(_ records: [WitnessedRecord]) async throws(KMSError) -> [SetBackRecord] {
        var found: [SetBackRecord] = []
        for record in records {
            guard !Task.isCancelled else { return found }
            guard let current = try await current(record) else { continue }
            if let finding = Self.finding(record, current.record) {
                found.append(
                    SetBackRecord(kind: record.kind, id: record.id, finding: finding, current: current.record))
            }
        }
        return found
    }

    /// Takes records as they are, because an operator says so: after a backup was restored, say. It stands in the audit log.
    public func acceptOlderStore(_ records: [SetBackRecord]) async throws(KMSError) {
        let principal = Principal(profile: Profile(subject: try SubjectID("kms-operator"), kind: .system))
        for record in records {
            let details = ["record": "\(record.kind) \(record.id)", "finding": record.finding]
            try await perform(.acceptOlderStore, by: principal, details) { (notes) throws(KMSError) in
                notes.note { $0.changes = [record.current ?? .gone(kind: record.kind, id: record.id)] }
            }
            logger.warning("an older record was accepted", metadata: ["record": "\(record.kind) \(record.id)"])
        }
    }

    /// As the store has it.
    private struct Current {
        /// Nil when it has not.
        let record: AuditEntry.ChangedRecord?
    }

    /// - Returns: `nil` for what is not watched, see ``WitnessedRecord/isWatched(_:)``.
    private func current(_ record: WitnessedRecord) async throws(KMSError) -> Current? {
        if let kind = DirectoryKind(rawValue: record.kind) {
            let stored = try await records.read { () throws(StoreError) in try await store.document(kind, record.id) }
            return Current(record: stored.map { .init($0.unverified) })
        }
        guard record.kind == WitnessedRecord.keyKind, let id = KeyID(record.id) else { return nil }
        if let stored = try await records.read({ () throws(StoreError) in try await store.key(id, with: .none) }) {
            return Current(record: .init(stored.key.unverified))
        }
        let tombstone = try await records.read { () throws(StoreError) in try await store.tombstone(of: id) }
        return Current(record: tombstone.map { .init($0.unverified) })
    }

    private static func finding(_ seen: WitnessedRecord, _ current: AuditEntry.ChangedRecord?) -> String? {
        guard let done = seen.done else { return nil }
        guard let current else { return done.isGone ? nil : "it is not in the store" }
        switch (done.revision, current.revision) {
        case (0, 0): return current.digest == done.digest ? nil : "its tombstone is another"
        case (0, _): return done.isGone ? nil : "it was deleted, and is there again"
        // Deleted since, perhaps by another process.
        case (_, 0): return nil
        case (let seen, let there) where there < seen: return "it is at revision \(there), and was at \(seen)"
        case (let seen, let there) where there == seen && current.digest != done.digest:
            return "it is another at revision \(seen)"
        default: return nil
        }
    }
}

extension AuditEntry.ChangedRecord {
    /// Stands for a record that an operator knows to be gone.
    static func gone(kind: String, id: String) -> AuditEntry.ChangedRecord {
        AuditEntry.ChangedRecord(kind: kind, id: id, revision: 0, digest: [UInt8](repeating: 0, count: 32))
    }

    fileprivate var isGone: Bool { revision == 0 && digest.allSatisfy { $0 == 0 } }
}
