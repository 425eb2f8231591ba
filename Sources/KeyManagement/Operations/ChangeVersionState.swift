import Crypto

extension KeyService {
    /// Makes a deactivated version the default one again; the one that was is deactivated in the same transaction.
    public func activateVersion(
        _ number: VersionNumber, of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await changeVersion(number, of: reference, .changeState, "version activated", options, by: caller) {
            (edit, version) throws(KMSError) in try edit.activate(version, note: options.note)
        }
    }

    /// Ends the encrypting of a version. It goes on decrypting.
    public func deactivateVersion(
        _ number: VersionNumber, of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await changeVersion(number, of: reference, .changeState, "version deactivated", options, by: caller) {
            (edit, version) throws(KMSError) in try edit.move(version, on: .deactivate, note: options.note)
        }
    }

    /// Ends the use of a deactivated version, and destroys it after a while.
    ///
    /// It may need approvals, see ``requireApproval(of:_:in:by:_:policy:)``.
    ///
    /// - Parameter days: how long it waits; nil for the standard.
    public func scheduleDestruction(
        of number: VersionNumber, of reference: KeyReference, in days: Int? = nil, options: ChangeOptions = .plain,
        by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        var parameters = ["version": number.description, "days": days.map(String.init) ?? "standard"]
        if let note = options.note {
            parameters["reason"] = note.reason.rawValue
            parameters["comment"] = note.comment.text
        }
        return try await changeVersion(
            number, of: reference, .destroy, "destruction scheduled", options, needing: parameters, by: caller
        ) { (edit, version) throws(KMSError) in
            let due = try rules.destructionDue(in: days, from: edit.now)
            try edit.scheduleDestruction(of: version, at: due, note: options.note)
        }
    }

    /// Calls a scheduled destruction off. The version is deactivated, as before.
    public func cancelDestruction(
        of number: VersionNumber, of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await changeVersion(number, of: reference, .destroy, "destruction cancelled", options, by: caller) {
            (edit, version) throws(KMSError) in try edit.move(version, on: .cancelDestruction, note: options.note)
        }
    }

    /// Destroys a version whose time has come: its blob is erased, and with it everything that was encrypted by it is lost. The
    /// scheduler does the same by itself.
    public func destroyVersion(
        _ number: VersionNumber, of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await changeVersion(number, of: reference, .destroy, "version destroyed", options, by: caller) {
            (edit, version) throws(KMSError) in
            try edit.destroy(version) { Array(SHA256.hash(data: $0)) }
        }
    }

    private func changeVersion(
        _ number: VersionNumber, of reference: KeyReference, _ verb: Verb, _ event: String, _ options: ChangeOptions,
        needing parameters: [String: String]? = nil, by caller: Caller,
        _ body: (inout KeyEdit, VersionRecord) throws(KMSError) -> Void
    ) async throws(KMSError) -> ChangeOutcome {
        try await perform(verb, by: caller) { (act) throws(KMSError) in
            if let parameters, !options.isDryRun {
                if let answer = try await firstAnswer(to: options.repeatable, of: caller) { return .repeated(answer) }
                let key = try await key(reference, for: act)
                try await requireApproval(
                    of: .destroy, parameters.merging(["key": key.id.description]) { $1 }, in: caller.project,
                    by: caller.principal, act.notes)
            }
            let outcome = try await change(reference, version: number, for: act, options: options) {
                (edit) throws(KMSError) in
                guard let version = edit.subject else { throw .versionNotFound(number) }
                try body(&edit, version)
                return .store
            }
            guard let outcome else { throw .conflict }
            if case .changed(let changed) = outcome { logChange(event, of: changed.key, version: number, by: caller) }
            return outcome
        }
    }
}
