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

    func save(_ documents: [Sealed<DirectoryDocument>], state: StateChange) async throws(StoreError) {
        let act = self.act.withLock { act in
            defer { act = nil }
            return act
        }
        do {
            try await act?()
        } catch {
            Issue.record("the other could not act: \(error)")
        }
        try await store.save(documents, state: state)
    }
}
