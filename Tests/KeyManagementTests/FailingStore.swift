import KeyManagement
import Synchronization

/// A store whose writes or change marks fail while they are told to, and which passes everything else on.
final class FailingStore: KeyStore {
    private struct Faults {
        var write: StoreError?
        var times = 0
        var mark: StoreError?
    }

    private let store: any KeyStore
    private let faults = Mutex(Faults())

    init(_ store: any KeyStore) {
        self.store = store
    }

    func failWrites(with error: StoreError, times: Int) {
        faults.withLock { ($0.write, $0.times) = (error, times) }
    }

    func failMarks(with error: StoreError?) {
        faults.withLock { $0.mark = error }
    }

    private func meetWriteFault() throws(StoreError) {
        let fault: StoreError? = faults.withLock { faults in
            guard faults.times > 0 else { return nil }
            faults.times -= 1
            return faults.write
        }
        if let fault { throw fault }
    }

    func binding() async throws(StoreError) -> TokenBinding? { try await store.binding() }

    func initialize(
        binding: TokenBinding, project: ProjectID, credentials: [Sealed<CredentialRecord>]
    ) async throws(StoreError) {
        try await store.initialize(binding: binding, project: project, credentials: credentials)
    }

    func credential(_ hash: CredentialHash) async throws(StoreError) -> Sealed<CredentialRecord>? {
        try await store.credential(hash)
    }

    func insert(_ key: Sealed<KeyRecord>, versions: [Sealed<VersionRecord>]) async throws(StoreError) {
        try meetWriteFault()
        try await store.insert(key, versions: versions)
    }

    func apply(_ change: KeyChange) async throws(StoreError) {
        try meetWriteFault()
        try await store.apply(change)
    }

    func key(_ id: KeyID, with version: VersionChoice) async throws(StoreError) -> StoredKey? {
        try await store.key(id, with: version)
    }

    func keyID(named name: KeyName, in project: ProjectID) async throws(StoreError) -> KeyID? {
        try await store.keyID(named: name, in: project)
    }

    func keys(in project: ProjectID, after cursor: KeyName?, limit: Int) async throws(StoreError) -> [Sealed<KeyRecord>]
    {
        try await store.keys(in: project, after: cursor, limit: limit)
    }

    func versions(
        of key: KeyID, before cursor: VersionNumber?, limit: Int
    ) async throws(StoreError) -> [Sealed<VersionRecord>] {
        try await store.versions(of: key, before: cursor, limit: limit)
    }

    func changeMark() async throws(StoreError) -> Int64 {
        if let fault = faults.withLock({ $0.mark }) { throw fault }
        return try await store.changeMark()
    }

    func checkHealth() async throws(StoreError) { try await store.checkHealth() }
}
