import Crypto
import KMSTesting
import Synchronization

@testable import KeyManagement

/// A store that notes each record that an operation stores, in the audit log's form.
final class RecordingStore: PassingStore {
    let store: any KeyStore
    private let records = Mutex<[AuditEntry.ChangedRecord]>([])

    init(_ store: any KeyStore) {
        self.store = store
    }

    /// The stored records, in their order.
    var stored: [AuditEntry.ChangedRecord] { records.withLock { $0 } }

    private func note(_ stored: [AuditEntry.ChangedRecord]) { records.withLock { $0 += stored } }

    func save(_ documents: [Sealed<DirectoryDocument>], state: StateChange) async throws(StoreError) {
        try await store.save(documents, state: state)
        note(documents.map { .init($0.unverified) })
    }

    func insert(
        _ key: Sealed<KeyRecord>, versions: [Sealed<VersionRecord>], answer: Sealed<IdempotentAnswer>?,
        state: StateChange
    ) async throws(StoreError) {
        try await store.insert(key, versions: versions, answer: answer, state: state)
        note(Self.records(key, versions, answer))
    }

    func apply(_ change: KeyChange, state: StateChange) async throws(StoreError) {
        try await store.apply(change, state: state)
        note(Self.records(change.key, change.updated + change.inserted, change.answer))
    }

    func delete(
        _ key: KeyID, revision: UInt64, aliases: Int, leaving tombstone: Sealed<KeyTombstone>,
        answer: Sealed<IdempotentAnswer>?, state: StateChange
    ) async throws(StoreError) {
        try await store.delete(
            key, revision: revision, aliases: aliases, leaving: tombstone, answer: answer, state: state)
        note([.init(tombstone.unverified)] + (answer.map { [.init($0.unverified)] } ?? []))
    }

    func save(_ alias: Sealed<AliasRecord>, state: StateChange) async throws(StoreError) {
        try await store.save(alias, state: state)
        note([.init(alias.unverified)])
    }

    func insert(_ job: Sealed<ImportJob>, state: StateChange) async throws(StoreError) {
        try await store.insert(job, state: state)
        note([.init(job.unverified)])
    }

    private static func records(
        _ key: Sealed<KeyRecord>, _ versions: [Sealed<VersionRecord>], _ answer: Sealed<IdempotentAnswer>?
    ) -> [AuditEntry.ChangedRecord] {
        [.init(key.unverified)] + versions.map { .init($0.unverified) } + (answer.map { [.init($0.unverified)] } ?? [])
    }
}
