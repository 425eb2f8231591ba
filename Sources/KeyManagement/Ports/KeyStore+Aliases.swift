// Aliases, the second names of keys.
extension KeyStore {
    package func alias(_ name: KeyName, in project: ProjectID) async throws(StoreError) -> Sealed<AliasRecord>? {
        try await record(at: AliasRecord.place(name, in: project))
    }

    /// Adds an alias if its revision is 1, or moves it if its revision is one more than the stored one.
    ///
    /// - Throws: ``StoreError/nameTaken`` if a key of the project has that name; ``StoreError/conflict`` if the alias is no
    ///   longer at the expected revision, or the key is gone.
    package func save(_ alias: Sealed<AliasRecord>, state: StateChange) async throws(StoreError) {
        _ = try await commit(StoreTransaction([.next(alias)], state: state))
    }

    /// Deletes an alias.
    ///
    /// - Throws: ``StoreError/conflict`` if the alias is no longer at this revision.
    package func deleteAlias(
        _ name: KeyName, in project: ProjectID, revision: UInt64, state: StateChange
    ) async throws(StoreError) {
        let place = AliasRecord.place(name, in: project).bytes
        _ = try await commit(StoreTransaction([.delete(.alias, place, from: revision)], state: state))
    }

    /// Returns at most `limit` aliases of a project, or of one of its keys, sorted by name, starting with the first name after
    /// `cursor`.
    package func aliases(
        in project: ProjectID, of key: KeyID?, after cursor: KeyName?, limit: Int
    ) async throws(StoreError) -> [Sealed<AliasRecord>] {
        let prefix = RecordPlace(.text(project.text), .text("")).bytes
        return try await records(
            DocumentQuery(
                .alias, key.map { .group($0.bytes) } ?? .all, after: prefix + Array((cursor?.text ?? "").utf8),
                before: prefix.endOfPrefix, limit: limit))
    }
}
