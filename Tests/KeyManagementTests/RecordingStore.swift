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

    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> Int {
        let count = try await store.commit(transaction)
        // The first directory and the state digest are not in the audit log.
        guard transaction.binding == nil, !transaction.clearsState else { return count }
        var answers: [AuditEntry.ChangedRecord] = []
        var others: [AuditEntry.ChangedRecord] = []
        for document in transaction.written {
            switch try StoredRecord(document) {
            case .document(let record): others.append(.init(record.unverified))
            case .key(let record): others.append(.init(record.unverified))
            case .version(let record): others.append(.init(record.unverified))
            case .alias(let record): others.append(.init(record.unverified))
            case .importJob(let record): others.append(.init(record.unverified))
            case .tombstone(let record): others.append(.init(record.unverified))
            case .answer(let record): answers.append(.init(record.unverified))
            case .usage, .shard: break
            }
        }
        // A change stores its answer first, and the audit log names it last.
        records.withLock { [answers, others] in $0 += others + answers }
        return count
    }
}
