extension KeyService {
    /// Returns an import job that has not expired.
    package func importJob(_ id: ImportJobID, by caller: Caller) async throws(KMSError) -> ImportJob {
        try await withAudit(.importKey, by: caller) { (operation) throws(KMSError) in
            try await importJob(id, for: operation)
        }
    }

    func importJob(_ id: ImportJobID, for operation: OperationContext) async throws(KMSError) -> ImportJob {
        operation.recorder.note { $0.details["importJob"] = id.description }
        let stored = try await records.newest { () throws(StoreError) in
            try await reader.importJob(id)
        } claims: { stored in
            [stored?.unverified.stateClaim ?? .absent(.importJob(id), "import job \(id)")]
        }
        guard let stored else { throw .importJobNotFound(id) }
        try await records.verify([records.claim(stored)])
        let job = stored.unverified
        guard job.id == id else { throw records.tampered(job.sealedName) }
        guard job.project == operation.project, clock.now < job.expiresAt else { throw .importJobNotFound(id) }
        return job
    }
}
