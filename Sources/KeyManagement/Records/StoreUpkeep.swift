/// The changes of the store that no operation makes and no entry of the audit log names, because they decide nothing: the
/// start of a store, expired temporary records, counts of uses, and the binding to later roots.
struct StoreUpkeep: Sendable {
    private let store: any KeyStore

    init(_ store: any KeyStore) {
        self.store = store
    }

    func initialize(
        binding: TokenBinding, directory: [Sealed<DirectoryDocument>], state: StateChange
    ) async throws(StoreError) {
        try await store.initialize(binding: binding, directory: directory, state: state)
    }

    func rebind(to binding: TokenBinding) async throws(StoreError) { try await store.rebind(to: binding) }

    func deleteImportJob(_ id: ImportJobID, state: StateChange) async throws(StoreError) {
        try await store.deleteImportJob(id, state: state)
    }

    func deleteAnswers(_ ids: [IdempotentRequestID], state: StateChange) async throws(StoreError) {
        try await store.deleteAnswers(ids, state: state)
    }

    func deleteUses(before day: Int64) async throws(StoreError) { try await store.deleteUses(before: day) }

    func noteUses(_ uses: [CredentialHash: Timestamp]) async throws(StoreError) { try await store.noteUses(uses) }
}
