extension KeyService {
    /// Returns the certificate of a destroyed epoch, with a new signature.
    package func destructionCertificate(
        of epoch: RootEpoch, by principal: Principal
    ) async throws(KMSError) -> SignedDocument {
        try await withAudit(.readRoots, by: principal, details: ["epoch": epoch.description]) {
            (operation) throws(KMSError) in
            guard let record = try await records.directoryRecord(RootRecord.self, epoch.description) else {
                throw .rootNotFound(epoch)
            }
            return try await certificate(of: record, for: operation)
        }
    }

    func certificate(
        of record: RootRecord, for operation: OperationContext
    ) async throws(KMSError) -> SignedDocument {
        let identity = try await tokenInformation.readIdentity()
        guard let closedAt = record.closedAt, let destroyedAt = record.destroyedAt,
            identity.checkValues[record.epoch] == nil
        else { throw .stateForbids("root epoch \(record.epoch) is not destroyed") }
        guard let auditKey = tokenInformation.auditKey else { throw Self.noAuditKey }
        let facts = try await tokenInformation.facts()
        return try await operation.signed(
            DestructionCertificate(
                of: record, closedAt: closedAt, destroyedAt: destroyedAt, token: facts, identity: identity,
                blobs: try await blobs(under: record.epoch), checkpoint: audit.publishedCheckpoint, auditKey: auditKey,
                at: clock.now))
    }

    private func blobs(under epoch: RootEpoch) async throws(KMSError) -> [WrappedBlob] {
        var all: [WrappedBlob] = []
        while true {
            let last = all.last?.digest
            let page = try await records.read { () throws(StoreError) in
                try await reader.blobs(under: epoch, after: last, limit: 1000)
            }
            all += page
            if page.count < 1000 { break }
        }
        try await requireAll(all, under: epoch)
        return all
    }

    /// Requires that these are exactly the blobs that were ever stored under an epoch: each must be a member of the state
    /// digest, with none missing.
    private func requireAll(_ blobs: [WrappedBlob], under epoch: RootEpoch) async throws(KMSError) {
        for blob in blobs { try await requireMember(blob, under: epoch) }
        let totals = try await records.read { () throws(StoreError) in try await reader.stateTotals() }
        try await state.verify(totals)
        if let finding = totals.finding { throw records.tampered(finding) }
    }
}
