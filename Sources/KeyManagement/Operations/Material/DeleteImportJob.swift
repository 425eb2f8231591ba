extension KeyService {
    /// Deletes an import job before it expires. Its private key is erased.
    package func deleteImportJob(_ id: ImportJobID, by caller: Caller) async throws(KMSError) {
        try await withAudit(.importKey, by: caller) { (operation) throws(KMSError) in
            let job = try await importJob(id, for: operation)
            let outcome = try await operation.remove(job, announcing: .init(job, isDeleted: true)) {
                (state) throws(StoreError) in
                try await operation.store.deleteImportJob(job.id, state: state)
            }
            try outcome.orThrow()
        }
    }
}
