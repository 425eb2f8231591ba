// Directory records: subjects, groups, projects, roles, credentials and the other kinds of ``DirectoryKind``.
extension KeyStore {
    /// Binds a new store to its token, and adds its first projects, subjects and credentials, all or nothing.
    ///
    /// - Throws: ``StoreError/conflict`` if the store is already bound.
    package func initialize(
        binding: TokenBinding, directory: [Sealed<DirectoryDocument>], state: StateChange
    ) async throws(StoreError) {
        _ = try await commit(StoreTransaction(binding: .first(binding), directory.map { .next($0) }, state: state))
    }

    package func document(
        _ kind: DirectoryKind, _ key: String
    ) async throws(StoreError) -> Sealed<DirectoryDocument>? {
        try await record(at: DirectoryDocument.place(kind, key))
    }

    /// Returns at most `limit` documents of a kind, sorted by key, starting with the first one after `cursor`.
    ///
    /// - Parameters:
    ///   - kind: the kind of the documents.
    ///   - parent: `nil` for documents of all parents.
    ///   - cursor: the key of the last document of the previous page; `nil` for the first page.
    ///   - limit: the maximum number of documents.
    package func documents(
        _ kind: DirectoryKind, of parent: String?, after cursor: String?, limit: Int
    ) async throws(StoreError) -> [Sealed<DirectoryDocument>] {
        let prefix = DirectoryDocument.place(kind, "").bytes
        return try await records(
            DocumentQuery(
                .document, parent.map { .label(DirectoryDocument.label(kind, $0)) } ?? .all,
                after: DirectoryDocument.place(kind, cursor ?? "").bytes, before: prefix.endOfPrefix, limit: limit))
    }

    /// Adds documents whose revision is 1, and replaces those that are one revision behind, all or nothing.
    ///
    /// - Throws: ``StoreError/conflict`` if one of them is not at the expected revision.
    package func save(_ documents: [Sealed<DirectoryDocument>], state: StateChange) async throws(StoreError) {
        // A deleted access key loses its secret.
        let erases = documents.contains { $0.unverified.hasLostItsKey }
        _ = try await commit(StoreTransaction(documents.map { .next($0) }, state: state, erases: erases))
    }
}

extension KeyStore {
    /// Returns the record at a place; `nil` if there is none.
    func record<Record: DocumentRecord>(at place: RecordPlace) async throws(StoreError) -> Sealed<Record>? {
        let found = try await documents(at: [.place(Record.recordKind, place.bytes)])
        return try found[0].map { (document) throws(StoreError) in try document.record() }
    }

    /// Returns the records of a page.
    func records<Record: DocumentRecord>(_ query: DocumentQuery) async throws(StoreError) -> [Sealed<Record>] {
        try await documents(query).map { (document) throws(StoreError) in try document.record() }
    }
}
