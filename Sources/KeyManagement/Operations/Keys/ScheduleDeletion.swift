extension KeyService {
    /// Ends all use of a key, and deletes it with all its versions after a while, unless that is called off.
    ///
    /// It may need approvals, as the destruction of a version does.
    ///
    /// - Parameter days: how long it waits; nil for the standard.
    public func scheduleDeletion(
        of reference: KeyReference, in days: Int? = nil, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await performChange(
            .destroy, of: reference, as: [.scheduleKeyDeletion], "key deletion scheduled", options, by: caller
        ) { (key) throws(KMSError) in
            if !options.isDryRun {
                let parameters = ["days": days.map(String.init) ?? "standard"]
                try await requireApproval(of: .destroy, on: key, parameters, because: options.note)
            }
            let outcome = try await change(key, options: options) { (edit) throws(KMSError) in
                let due = try rules.destructionDue(in: days, from: edit.now)
                try edit.scheduleDeletion(at: due, note: options.note)
                return .store
            }
            if case .changed(let changed)? = outcome { await forgetVersions(of: changed.key) }
            return outcome
        }
    }

    /// Calls the deletion of a key off. The key is disabled then, and its versions are as they were.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` when no deletion is scheduled.
    public func cancelDeletion(
        of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await performChange(
            .destroy, of: reference, as: [.cancelKeyDeletion], "key deletion cancelled", options, by: caller
        ) { (key) throws(KMSError) in
            try await change(key, options: options) { (edit) throws(KMSError) in
                try edit.cancelDeletion(note: options.note)
                return .store
            }
        }
    }

    /// What the token has of a key that may not be used any more goes, as far as it can be known.
    func forgetVersions(of key: KeyRecord) async {
        for version in key.versions.newest(100) { await token.forget(VersionID(key: key.id, number: version.number)) }
    }
}
