/// Who there is, and who may do what.
public protocol DirectoryStore: Sendable {
    func document(_ kind: DirectoryKind, _ key: String) async throws(StoreError) -> Sealed<DirectoryDocument>?

    /// At most `limit` documents of a kind, sorted by key, from the first one after `cursor` on.
    ///
    /// - Parameter parent: nil for those of all parents.
    func documents(
        _ kind: DirectoryKind, of parent: String?, after cursor: String?, limit: Int
    ) async throws(StoreError) -> [Sealed<DirectoryDocument>]

    /// Adds documents, when their revision is 1, and replaces those that are one revision behind, all or nothing.
    ///
    /// - Throws: ``StoreError/conflict`` when one of them is not at the expected revision.
    func save(_ documents: [Sealed<DirectoryDocument>], state: StateChange) async throws(StoreError)

    /// Notes when credentials were used last. Not sealed: it decides nothing.
    func noteUses(_ uses: [CredentialHash: Timestamp]) async throws(StoreError)

    /// When a credential was used last, as far as it was noted.
    func lastUse(of credential: CredentialHash) async throws(StoreError) -> Timestamp?
}
