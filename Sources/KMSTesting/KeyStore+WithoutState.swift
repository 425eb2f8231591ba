package import KeyManagement

/// The write calls without a change of the state digest, for tests of how a store treats records. The digest is opaque to it.
extension KeyStore {
    package func initialize(
        binding: TokenBinding, directory: [Sealed<DirectoryDocument>]
    ) async throws(StoreError) {
        try await initialize(binding: binding, directory: directory, state: .none)
    }

    package func insert(
        _ key: Sealed<KeyRecord>, versions: [Sealed<VersionRecord>], answer: Sealed<IdempotentAnswer>?
    ) async throws(StoreError) {
        try await insert(key, versions: versions, answer: answer, state: .none)
    }

    package func apply(_ change: KeyChange) async throws(StoreError) { try await apply(change, state: .none) }

    package func delete(
        _ key: KeyID, revision: UInt64, leaving tombstone: Sealed<KeyTombstone>, answer: Sealed<IdempotentAnswer>?
    ) async throws(StoreError) {
        // The key may be in any project, with any number of aliases.
        let project = tombstone.unverified.project
        let aliases = try await aliases(in: project, of: key, after: nil, limit: 1000).count
        try await delete(
            key, revision: revision, aliases: aliases, leaving: tombstone, answer: answer, state: .none)
    }

    package func save(_ alias: Sealed<AliasRecord>) async throws(StoreError) { try await save(alias, state: .none) }

    package func deleteAlias(_ name: KeyName, in project: ProjectID, revision: UInt64) async throws(StoreError) {
        try await deleteAlias(name, in: project, revision: revision, state: .none)
    }

    package func deleteAnswers(before moment: Timestamp, limit: Int) async throws(StoreError) -> Int {
        let ids = try await answers(before: moment, limit: limit)
        try await deleteAnswers(ids, state: .none)
        return ids.count
    }

    package func insert(_ job: Sealed<ImportJob>) async throws(StoreError) { try await insert(job, state: .none) }

    package func deleteImportJob(_ id: ImportJobID) async throws(StoreError) {
        try await deleteImportJob(id, state: .none)
    }

    package func reserve(_ reservations: [UsageReservation]) async throws(StoreError) {
        try await reserve(reservations, state: .none)
    }

    package func save(_ documents: [Sealed<DirectoryDocument>]) async throws(StoreError) {
        try await save(documents, state: .none)
    }

    package func replace(_ replacements: [SealReplacement]) async throws(StoreError) -> Int {
        try await replace(replacements, state: .none)
    }
}
