import Crypto
import KMSTesting
import Synchronization

@testable import KeyManagement

/// A store that notes each record that an operation has it store, as the audit log names it.
final class RecordingStore: PassingStore {
    let store: any KeyStore
    private let records = Mutex<[AuditEntry.ChangedRecord]>([])

    init(_ store: any KeyStore) {
        self.store = store
    }

    /// The records that were stored, in their order.
    var stored: [AuditEntry.ChangedRecord] { records.withLock { $0 } }

    private func note(_ stored: [AuditEntry.ChangedRecord]) { records.withLock { $0 += stored } }

    func save(_ documents: [Sealed<DirectoryDocument>]) async throws(StoreError) {
        try await store.save(documents)
        note(documents.map { .init($0.unverified) })
    }

    func insert(
        _ key: Sealed<KeyRecord>, versions: [Sealed<VersionRecord>], answer: Sealed<StoredAnswer>?
    ) async throws(StoreError) {
        try await store.insert(key, versions: versions, answer: answer)
        note(Self.records(key, versions, answer))
    }

    func apply(_ change: KeyChange) async throws(StoreError) {
        try await store.apply(change)
        note(Self.records(change.key, change.updated + change.inserted, change.answer))
    }

    func delete(
        _ key: KeyID, revision: UInt64, leaving tombstone: Sealed<KeyTombstone>, answer: Sealed<StoredAnswer>?
    ) async throws(StoreError) {
        try await store.delete(key, revision: revision, leaving: tombstone, answer: answer)
        note([.init(tombstone.unverified)] + (answer.map { [.init($0.unverified)] } ?? []))
    }

    func save(_ alias: Sealed<AliasRecord>) async throws(StoreError) {
        try await store.save(alias)
        note([.init(alias.unverified)])
    }

    func insert(_ job: Sealed<ImportJob>) async throws(StoreError) {
        try await store.insert(job)
        note([.init(job.unverified)])
    }

    private static func records(
        _ key: Sealed<KeyRecord>, _ versions: [Sealed<VersionRecord>], _ answer: Sealed<StoredAnswer>?
    ) -> [AuditEntry.ChangedRecord] {
        [.init(key.unverified)] + versions.map { .init($0.unverified) } + (answer.map { [.init($0.unverified)] } ?? [])
    }
}
