import KMSTesting
import KeyManagement
import Synchronization
import Testing

/// A store that runs a rival's action once, after all decisions and before a change of the directory is stored.
final class InterposingStore: PassingStore {
    let store: any KeyStore
    private let act: Mutex<(@Sendable () async throws -> Void)?>

    init(_ store: any KeyStore, beforeSaving act: @escaping @Sendable () async throws -> Void) {
        self.store = store
        self.act = Mutex(act)
    }

    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> Int {
        if transaction.isOfDirectory {
            let act = self.act.withLock { act in
                defer { act = nil }
                return act
            }
            do {
                try await act?()
            } catch {
                Issue.record("the other could not act: \(error)")
            }
        }
        return try await store.commit(transaction)
    }
}

extension StoreTransaction {
    /// The documents that the transaction adds or replaces, without those of the state digest.
    var written: [SealedDocument] {
        changes.compactMap { change in
            switch change {
            case .insert(let write), .replace(let write, _):
                write.document.kind == .shard ? nil : write.document
            case .reseal, .delete, .deleteGroup: nil
            }
        }
    }

    /// True if it saves documents of the directory.
    fileprivate var isOfDirectory: Bool { binding == nil && !clearsState && written.contains { $0.kind == .document } }
}
