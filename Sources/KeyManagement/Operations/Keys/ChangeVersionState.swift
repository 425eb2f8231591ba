import Crypto

extension KeyService {
    /// Makes a deactivated version the default one again. The present default version is deactivated in the same transaction.
    public func activateVersion(
        _ number: VersionNumber, of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.changeState, changing: reference, "version activated", options, by: caller) {
            (key) throws(KMSError) in
            try await key.change(version: number, options) { (edit, version) throws(KMSError) in
                try edit.activate(version, note: options.note)
            }
        }
    }

    /// Deactivates a version: it no longer encrypts, but still decrypts.
    public func deactivateVersion(
        _ number: VersionNumber, of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.changeState, changing: reference, "version deactivated", options, by: caller) {
            (key) throws(KMSError) in
            try await key.change(version: number, options) { (edit, version) throws(KMSError) in
                try edit.move(version, on: .deactivate, note: options.note)
            }
        }
    }

    /// Ends the use of a deactivated version, and schedules its destruction.
    ///
    /// It may need approvals, see ``requireApproval(of:for:)``.
    ///
    /// - Parameter days: the waiting period; `nil` for the standard one.
    public func scheduleDestruction(
        of number: VersionNumber, of reference: KeyReference, in days: Int? = nil, options: ChangeOptions = .plain,
        by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.destroy, changing: reference, "destruction scheduled", options, by: caller) {
            (key) throws(KMSError) in
            if !options.isDryRun {
                let version = VersionID(key: key.id, number: number)
                try await key.operation.requireApproval(
                    of: .scheduleDestruction(of: version, days: days, note: options.note))
            }
            return try await key.change(version: number, options) { (edit, version) throws(KMSError) in
                let due = try rules.destructionDue(in: days, from: edit.now)
                try edit.scheduleDestruction(of: version, at: due, note: options.note)
            }
        }
    }

    /// Cancels a scheduled destruction. The version is deactivated, as before.
    public func cancelDestruction(
        of number: VersionNumber, of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.destroy, changing: reference, "destruction cancelled", options, by: caller) {
            (key) throws(KMSError) in
            try await key.change(version: number, options) { (edit, version) throws(KMSError) in
                try edit.move(version, on: .cancelDestruction, note: options.note)
            }
        }
    }

    /// Destroys a version whose waiting period is over. Its blob is erased, and everything that was encrypted by it is lost.
    ///
    /// The scheduler does the same by itself.
    public func destroyVersion(
        _ number: VersionNumber, of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.destroy, changing: reference, "version destroyed", options, by: caller) {
            (key) throws(KMSError) in
            try await key.change(version: number, options) { (edit, version) throws(KMSError) in
                try edit.requireNotPendingDeletion()
                try edit.destroy(version) { Array(SHA256.hash(data: $0)) }
            }
        }
    }
}

extension AuthorizedKey {
    /// Changes one version.
    fileprivate func change(
        version number: VersionNumber, _ options: ChangeOptions,
        _ body: (inout KeyEdit, VersionRecord) throws(KMSError) -> Void
    ) async throws(KMSError) -> ChangeOutcome? {
        try await change(version: number, options: options) { (edit) throws(KMSError) in
            guard let version = edit.subject else { throw .versionNotFound(number) }
            try body(&edit, version)
            return .store
        }
    }
}
