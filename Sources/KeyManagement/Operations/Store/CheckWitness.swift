internal import Crypto
internal import Logging

/// The last completed change of one record, as witnessed outside the store.
package struct WitnessedRecord: Hashable, Sendable {
    package let kind: String
    package let id: String
    package var done: AuditEntry.ChangedRecord?

    package init(kind: String, id: String) {
        self.kind = kind
        self.id = id
    }

    /// Returns true if the store can be queried for records of a kind.
    ///
    /// Other kinds belong to a key, whose own record covers them, or have no order of their own. A deleted alias, for example,
    /// starts again at revision 1.
    package static func isWatched(_ kind: String) -> Bool { kind == keyKind || DirectoryKind(rawValue: kind) != nil }

    static let keyKind = "key"
}

/// A record of the store that is older than a witness has seen, or different, or gone.
package struct SetBackRecord: Hashable, Sendable {
    package let kind: String
    package let id: String
    /// The description of the defect.
    package let finding: String
    /// The record in the store; `nil` if the store does not have it.
    let current: AuditEntry.ChangedRecord?
}

extension KeyService {
    /// Compares the store with the statements of the audit log. A store that was replaced by an older copy, or a record that
    /// was set back, is older than the log says.
    ///
    /// A record that is newer is not a finding, because other processes write logs of their own.
    package func checkWitness(_ records: [WitnessedRecord]) async throws(KMSError) -> [SetBackRecord] {
        var found: [SetBackRecord] = []
        for record in records {
            guard !Task.isCancelled else { return found }
            let present: Current?
            do throws(KMSError) {
                present = try await current(record)
            } catch .recordTampered {
                let finding = "it cannot be decoded"
                found.append(SetBackRecord(kind: record.kind, id: record.id, finding: finding, current: nil))
                continue
            }
            guard let current = present else { continue }
            if let finding = Self.finding(record, current.record) {
                found.append(
                    SetBackRecord(kind: record.kind, id: record.id, finding: finding, current: current.record))
            }
        }
        return found
    }

    /// Accepts records as they are, on the decision of an operator, such as after restoring a backup. The audit log records it.
    package func acceptOlderStore(_ records: [SetBackRecord]) async throws(KMSError) {
        let principal = Principal(profile: Profile(subject: try SubjectID("kms-operator"), kind: .system))
        for record in records {
            let details = ["record": "\(record.kind) \(record.id)", "finding": record.finding]
            try await withAudit(.acceptOlderStore, by: principal, details: details) { (operation) throws(KMSError) in
                operation.recorder.note { $0.changes = [record.current ?? .gone(kind: record.kind, id: record.id)] }
            }
            logger.warning("an older record was accepted", metadata: ["record": "\(record.kind) \(record.id)"])
        }
    }

    /// The present state of a record in the store.
    private struct Current {
        /// The record; `nil` if the store does not have it.
        let record: AuditEntry.ChangedRecord?
    }

    /// Reads the present state of a record.
    ///
    /// - Returns: `nil` for a record that is not watched, see ``WitnessedRecord/isWatched(_:)``.
    private func current(_ record: WitnessedRecord) async throws(KMSError) -> Current? {
        if let kind = DirectoryKind(rawValue: record.kind) {
            let stored = try await records.read { () throws(StoreError) in try await reader.document(kind, record.id) }
            return Current(record: stored.map { .init($0.unverified) })
        }
        guard record.kind == WitnessedRecord.keyKind, let id = KeyID(record.id) else { return nil }
        if let stored = try await records.read({ () throws(StoreError) in try await reader.key(id, with: .none) }) {
            return Current(record: .init(stored.key.unverified))
        }
        let tombstone = try await records.read { () throws(StoreError) in try await reader.tombstone(of: id) }
        return Current(record: tombstone.map { .init($0.unverified) })
    }

    private static func finding(_ seen: WitnessedRecord, _ current: AuditEntry.ChangedRecord?) -> String? {
        guard let done = seen.done else { return nil }
        guard let current else { return done.isGone ? nil : "it is not in the store" }
        switch (done.revision, current.revision) {
        case (0, 0): return current.digest == done.digest ? nil : "its tombstone differs"
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
    /// Returns the entry for a record that an operator knows to be gone.
    static func gone(kind: String, id: String) -> AuditEntry.ChangedRecord {
        AuditEntry.ChangedRecord(kind: kind, id: id, revision: 0, digest: [UInt8](repeating: 0, count: 32))
    }

    fileprivate var isGone: Bool { revision == 0 && digest.allSatisfy { $0 == 0 } }
}
