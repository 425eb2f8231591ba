extension KeyService {
    /// Deletes a key whose versions are all destroyed, or that never had one. A tombstone remains.
    ///
    /// Its name is free again; its id is never used again.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` if a version is not destroyed.
    package func deleteKey(
        _ reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.deleteKey, changing: reference, nil, options, by: caller) { (key) throws(KMSError) in
            var key = key
            for _ in 0..<8 {
                try key.record.requireEmpty()
                if let outcome = try await delete(key, options: options) { return outcome }
                if let answer = try await firstAnswer(to: options.idempotency, of: caller) { return .repeated(answer) }
                key = try await key.again()
            }
            return nil
        }
    }

    /// Deletes an authorised key with its versions, aliases and usage. The blobs of its versions are erased.
    ///
    /// - Returns: `nil` if a concurrent change altered it.
    /// - Throws: ``KMSError/stateForbids(_:)`` for a key that has versions, unless its deletion is due.
    func delete(
        _ authorized: AuthorizedKey, options: ChangeOptions = .plain
    ) async throws(KMSError) -> ChangeOutcome? {
        let (key, operation) = (authorized.record, authorized.operation)
        let now = clock.now
        if !key.isDueForDeletion(at: now) { try key.requireEmpty() }
        let changed = ChangedKey(key: key)
        guard !operation.isDryRun else {
            return .planned(changed, ChangeImpact(versions: [], needsApproval: operation.isApprovalMissing))
        }
        let outcome = try await operation.delete(
            key, leaving: KeyTombstone(of: key, at: now),
            answer: options.idempotency?.stored(changed, for: authorized.caller, at: now))
        switch outcome {
        case .success:
            await forgetVersions(of: key)
            logChange("key deleted", of: key, by: authorized.caller)
            return .changed(changed)
        case .failure(.conflict), .failure(.repeated): return nil
        case .failure(let error): throw KMSError(error)
        }
    }
}

extension KeyRecord {
    /// Returns true if the deletion of the key was scheduled and is due.
    func isDueForDeletion(at now: Timestamp) -> Bool {
        availability == .pendingDeletion && deletionDueAt.map { $0 <= now } ?? false
    }

    /// Requires that no material is left.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` if a version is not destroyed.
    fileprivate func requireEmpty() throws(KMSError) {
        guard state == .destroyed || state == .preActivation else {
            throw .stateForbids("key '\(name)' is \(state.rawValue); destroy all its versions first")
        }
    }
}
