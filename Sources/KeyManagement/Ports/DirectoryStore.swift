/// The store of directory records: subjects, groups, projects, roles, credentials and the other kinds of ``DirectoryKind``.
public protocol DirectoryStore: Sendable {
    func document(_ kind: DirectoryKind, _ key: String) async throws(StoreError) -> Sealed<DirectoryDocument>?

    /// Returns at most `limit` documents of a kind, sorted by key, starting with the first one after `cursor`.
    ///
    /// - Parameter parent: `nil` for documents of all parents.
    func documents(
        _ kind: DirectoryKind, of parent: String?, after cursor: String?, limit: Int
    ) async throws(StoreError) -> [Sealed<DirectoryDocument>]

    /// Adds documents whose revision is 1, and replaces those that are one revision behind, all or nothing.
    ///
    /// - Throws: ``StoreError/conflict`` if one of them is not at the expected revision.
    func save(_ documents: [Sealed<DirectoryDocument>], state: StateChange) async throws(StoreError)

    /// Records the times at which credentials were last used. These times are not sealed, because no decision depends on them.
    func noteUses(_ uses: [CredentialHash: Timestamp]) async throws(StoreError)

    /// Returns the time at which a credential was last used, as far as it was recorded.
    func lastUse(of credential: CredentialHash) async throws(StoreError) -> Timestamp?
}
