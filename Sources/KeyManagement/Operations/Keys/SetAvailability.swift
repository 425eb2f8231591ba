extension KeyService {
    /// Ends all use of a key, whatever the states of its versions, until it is enabled again.
    package func disableKey(
        _ reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.changeState, changing: reference, as: [.disableKey], "key disabled", options, by: caller) {
            (key) throws(KMSError) in
            try await key.change(options: options) { (edit) throws(KMSError) in
                try edit.disable(note: options.note)
                return .store
            }
        }
    }

    /// Enables a disabled key.
    package func enableKey(
        _ reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.changeState, changing: reference, as: [.enableKey], "key enabled", options, by: caller) {
            (key) throws(KMSError) in
            try await key.change(options: options) { (edit) throws(KMSError) in
                try edit.enable(note: options.note)
                return .store
            }
        }
    }
}
