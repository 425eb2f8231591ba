extension KeyService {
    /// Ends all use of a key, and deletes it with all its versions after a while, unless that is called off.
    ///
    /// It may need approvals, as the destruction of a version does.
    ///
    /// - Parameter days: how long it waits; nil for the standard.
    public func scheduleDeletion(
        of reference: KeyReference, in days: Int? = nil, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await perform(.destroy, by: caller) { (act) throws(KMSError) in
            let act = act.narrowed(to: .scheduleKeyDeletion)
            if !options.isDryRun {
                if let answer = try await firstAnswer(to: options.repeatable, of: caller) { return .repeated(answer) }
                try await requireApproval(
                    ofDeletion: reference, ["days": days.map(String.init) ?? "standard"], options, for: act)
            }
            let outcome = try await change(reference, for: act, options: options) { (edit) throws(KMSError) in
                edit.set(\.deletionDueAt, to: try rules.destructionDue(in: days, from: edit.now))
                edit.set(\.availability, to: .pendingDeletion)
                edit.set(\.availabilityNote, to: options.note)
                return .store
            }
            guard let outcome else { throw .conflict }
            if case .changed(let changed) = outcome {
                logChange("key deletion scheduled", of: changed.key, by: caller)
                await forgetVersions(of: changed.key)
            }
            return outcome
        }
    }

    /// Calls the deletion of a key off. The key is disabled then, and its versions are as they were.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` when no deletion is scheduled.
    public func cancelDeletion(
        of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await perform(.destroy, by: caller) { (act) throws(KMSError) in
            let act = act.narrowed(to: .cancelKeyDeletion)
            let outcome = try await change(
                reference, for: act, options: options, whilePendingDeletion: true
            ) { (edit) throws(KMSError) in
                guard edit.key.availability == .pendingDeletion else {
                    throw .stateForbids("key '\(edit.key.name)' is not pending deletion")
                }
                edit.set(\.deletionDueAt, to: nil)
                edit.set(\.availability, to: .disabled)
                edit.set(\.availabilityNote, to: options.note)
                return .store
            }
            guard let outcome else { throw .conflict }
            if case .changed(let changed) = outcome { logChange("key deletion cancelled", of: changed.key, by: caller) }
            return outcome
        }
    }

    func requireApproval(
        ofDeletion reference: KeyReference, _ parameters: [String: String], _ options: ChangeOptions, for act: Act
    ) async throws(KMSError) {
        let key = try await key(reference, for: act)
        var parameters = parameters
        parameters["key"] = key.id.description
        if let note = options.note {
            parameters["reason"] = note.reason.rawValue
            parameters["comment"] = note.comment.text
        }
        try await requireApproval(of: .destroy, parameters, in: act.project, by: act.caller.principal, act.notes)
    }

    /// What the token has of a key that may not be used any more goes, as far as it can be known.
    func forgetVersions(of key: KeyRecord) async {
        for version in key.versions.newest(100) { await token.forget(VersionID(key: key.id, number: version.number)) }
    }
}
