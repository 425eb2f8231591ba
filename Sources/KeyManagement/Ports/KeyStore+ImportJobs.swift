// Import jobs, the key pairs under which material is imported.
extension KeyStore {
    package func insert(_ job: Sealed<ImportJob>, state: StateChange) async throws(StoreError) {
        _ = try await commit(StoreTransaction([.insert(job)], state: state))
    }

    package func importJob(_ id: ImportJobID) async throws(StoreError) -> Sealed<ImportJob>? {
        try await record(at: RecordPlace(.bytes(id.bytes)))
    }

    /// Deletes a job. Its wrapped private key is erased in the same way as the blob of a destroyed version.
    package func deleteImportJob(_ id: ImportJobID, state: StateChange) async throws(StoreError) {
        let change = DocumentChange.delete(.importJob, id.bytes, from: nil)
        _ = try await commit(StoreTransaction([change], state: state, erases: true))
    }

    /// Returns at most `limit` jobs that have expired by `moment`.
    package func importJobsExpired(by moment: Timestamp, limit: Int) async throws(StoreError) -> [ImportJobID] {
        try await due(.end, of: .importJob, by: moment, limit: limit) { ImportJobID(bytes: $0) }
    }
}
