internal import Logging

extension KeyService {
    /// Destroys the roots of an earlier epoch in the token, after verifying that no record in the store is under them, and
    /// certifies it. For an epoch that is already destroyed, it certifies again.
    ///
    /// It has four steps; after a crash, the next call repeats the remaining ones. Remaining records are put under the latest
    /// roots, the store refuses records under this epoch, the token destroys the roots, and the destruction is recorded.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` for the latest epoch, and if records depend on it.
    public func retireRoots(_ epoch: RootEpoch, by principal: Principal) async throws(KMSError) -> SignedDocument {
        try await withAudit(.retireRoots, by: principal, details: ["epoch": epoch.description]) {
            (operation) throws(KMSError) in
            guard tokenInformation.auditKey != nil else { throw Self.noAuditKey }
            let identity = try await tokenInformation.readIdentity()
            guard epoch < identity.epoch else {
                throw .stateForbids("root epoch \(epoch) is the latest; 'kms root rotate' makes the next one")
            }
            guard var record = try await records.directoryRecord(RootRecord.self, epoch.description) else {
                throw .rootNotFound(epoch)
            }
            if record.destroyedAt == nil || identity.checkValues[epoch] != nil {
                try await operation.requireApproval(of: .retireRoots(epoch))
                try await closeEpoch(epoch, latest: identity.epoch, for: operation)
                record = try await note(record, for: operation) { $0.closedAt = $0.closedAt ?? clock.now }
                _ = try await atToken { () throws(TokenError) in try await operation.token.destroyRoots(epoch) }
                logger.notice("roots destroyed", metadata: ["epoch": "\(epoch)", "subject": "\(principal.subject)"])
                record = try await note(record, for: operation) { $0.destroyedAt = clock.now }
            }
            return try await certificate(of: record, for: operation)
        }
    }

    /// Returns the certificate of a destroyed epoch, with a new signature.
    public func destructionCertificate(
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

    /// Makes the store refuse records under an epoch and those before it.
    private func closeEpoch(
        _ epoch: RootEpoch, latest: RootEpoch, for operation: OperationContext
    ) async throws(KMSError) {
        // Try several times: another process may not know the latest roots yet.
        for _ in 0..<8 {
            _ = try await rewrapAll(to: latest)
            do throws(StoreError) {
                return try await operation.store.closeEpochs(through: epoch)
            } catch {
                guard error == .conflict else { throw KMSError(error) }
            }
            let left = try await usesBefore(latest).reduce(0) { $1.epoch <= epoch ? $0 + $1.use.sealed : $0 }
            guard left == 0 else {
                throw .stateForbids(
                    "\(left) records are under root epoch \(epoch) and cannot be put under a later one, because they are not what was "
                        + "sealed; 'kms store verify' names them")
            }
        }
        throw .conflict
    }

    private func note(
        _ record: RootRecord, for operation: OperationContext, _ change: (inout RootRecord) -> Void
    ) async throws(KMSError) -> RootRecord {
        try await operation.changeDirectory(
            RootRecord.self, record.key, notFound: .rootNotFound(record.epoch)
        ) { (record) throws(KMSError) in
            let before = record
            change(&record)
            return record != before
        }
    }

    private func certificate(
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
