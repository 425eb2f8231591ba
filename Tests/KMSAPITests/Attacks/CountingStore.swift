import KMSTesting
import KeyManagement
import Synchronization

/// A store that counts the queries for keys and names.
final class CountingStore: PassingStore {
    let store: any KeyStore
    private let questions = Atomic<Int>(0)

    init(store: any KeyStore) {
        self.store = store
    }

    var count: Int { questions.load(ordering: .relaxed) }

    func key(_ id: KeyID, with version: VersionChoice) async throws(StoreError) -> StoredKey? {
        questions.add(1, ordering: .relaxed)
        return try await store.key(id, with: version)
    }

    func keyID(named name: KeyName, in project: ProjectID) async throws(StoreError) -> KeyID? {
        questions.add(1, ordering: .relaxed)
        return try await store.keyID(named: name, in: project)
    }

    func alias(_ name: KeyName, in project: ProjectID) async throws(StoreError) -> Sealed<AliasRecord>? {
        questions.add(1, ordering: .relaxed)
        return try await store.alias(name, in: project)
    }
}
