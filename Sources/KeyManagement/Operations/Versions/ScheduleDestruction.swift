extension KeyService {
    /// Ends the use of a deactivated version, and schedules its destruction.
    ///
    /// It may need approvals, see ``OperationContext/requireApproval(of:)``.
    ///
    /// - Parameters:
    ///   - number: the version.
    ///   - reference: the key, by id, name or alias.
    ///   - days: the waiting period; `nil` for the standard one.
    ///   - options: the reason, the dry run and the idempotency of the change.
    ///   - caller: the caller, with the project of the request.
    package func scheduleDestruction(
        of number: VersionNumber, of reference: KeyReference, in days: Int? = nil, options: ChangeOptions = .plain,
        by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.destroy, changing: reference, "destruction scheduled", options, by: caller) {
            (key) throws(KMSError) in
            let version = VersionID(key: key.id, number: number)
            try await key.operation.requireApproval(
                of: .scheduleDestruction(of: version, days: days, note: options.note))
            return try await key.change(version: number, options) { (edit, version) throws(KMSError) in
                let due = try rules.destructionDue(in: days, from: edit.now)
                try edit.scheduleDestruction(of: version, at: due, note: options.note)
            }
        }
    }

    /// Cancels a scheduled destruction. The version is deactivated, as before.
    package func cancelDestruction(
        of number: VersionNumber, of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.destroy, changing: reference, "destruction cancelled", options, by: caller) {
            (key) throws(KMSError) in
            try await key.change(version: number, options) { (edit, version) throws(KMSError) in
                try edit.move(version, on: .cancelDestruction, note: options.note)
            }
        }
    }
}
