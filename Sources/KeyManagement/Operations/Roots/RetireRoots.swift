internal import Logging

extension KeyService {
    /// Destroys the roots of an earlier epoch in the token, after verifying that no record in the store is under them, and
    /// certifies it. For an epoch that is already destroyed, it certifies again.
    ///
    /// It has four steps; after a crash, the next call repeats the remaining ones. Remaining records are put under the latest
    /// roots, the store refuses records under this epoch, the token destroys the roots, and the destruction is recorded.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` for the latest epoch, and if records depend on it.
    package func retireRoots(_ epoch: RootEpoch, by principal: Principal) async throws(KMSError) -> SignedDocument {
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
}
