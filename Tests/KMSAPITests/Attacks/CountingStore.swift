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

    func documents(at addresses: [DocumentAddress]) async throws(StoreError) -> [SealedDocument?] {
        if addresses.contains(where: \.isOfKeyOrName) { questions.add(1, ordering: .relaxed) }
        return try await store.documents(at: addresses)
    }
}

extension DocumentAddress {
    fileprivate var isOfKeyOrName: Bool {
        switch self {
        case .name, .place(.key, _), .place(.alias, _): true
        case .place: false
        }
    }
}
