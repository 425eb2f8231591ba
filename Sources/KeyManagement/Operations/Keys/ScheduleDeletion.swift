extension KeyService {
    /// Ends all use of a key, and schedules its deletion with all its versions. The deletion can be cancelled until it is due.
    ///
    /// It may need approvals, as the destruction of a version does.
    ///
    /// - Parameters:
    ///   - reference: the key, by id, name or alias.
    ///   - days: the waiting period; `nil` for the standard one.
    ///   - options: the reason, the dry run and the idempotency of the change.
    ///   - caller: the caller, with the project of the request.
    package func scheduleDeletion(
        of reference: KeyReference, in days: Int? = nil, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(
            .destroy, changing: reference, as: [.scheduleKeyDeletion], "key deletion scheduled", options, by: caller
        ) { (key) throws(KMSError) in
            try await key.operation.requireApproval(of: .scheduleDeletion(of: key.id, days: days, note: options.note))
            let outcome = try await key.change(options: options) { (edit) throws(KMSError) in
                let due = try rules.destructionDue(in: days, from: edit.now)
                try edit.scheduleDeletion(at: due, note: options.note)
                return .store
            }
            if case .changed(let changed)? = outcome { await forgetVersions(of: changed.key) }
            return outcome
        }
    }

    /// Cancels the deletion of a key. The key is then disabled, and its versions are as they were.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` if no deletion is scheduled.
    package func cancelDeletion(
        of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(
            .destroy, changing: reference, as: [.cancelKeyDeletion], "key deletion cancelled", options, by: caller
        ) { (key) throws(KMSError) in
            try await key.change(options: options) { (edit) throws(KMSError) in
                try edit.cancelDeletion(note: options.note)
                return .store
            }
        }
    }

    /// Makes the token evict a key that may no longer be used: its newest 100 versions.
    func forgetVersions(of key: KeyRecord) async {
        for version in key.versions.newest(100) {
            await tokenInformation.forget(VersionID(key: key.id, number: version.number))
        }
    }
}
