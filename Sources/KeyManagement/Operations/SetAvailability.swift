extension KeyService {
    /// Ends all use of a key, whatever the states of its versions, until it is enabled again.
    public func disableKey(
        _ reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await setAvailability(of: reference, to: .disabled, "key disabled", options, by: caller)
    }

    /// Lets a disabled key be used again.
    public func enableKey(
        _ reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await setAvailability(of: reference, to: .enabled, "key enabled", options, by: caller)
    }

    private func setAvailability(
        of reference: KeyReference, to availability: KeyAvailability, _ event: String, _ options: ChangeOptions,
        by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await perform(.changeState, by: caller) { (act) throws(KMSError) in
            let act = act.narrowed(to: availability == .enabled ? .enableKey : .disableKey)
            let outcome = try await change(reference, for: act, options: options) { (edit) throws(KMSError) in
                guard edit.key.availability != availability else {
                    throw .stateForbids("key '\(edit.key.name)' is \(availability.rawValue) already")
                }
                edit.set(\.availability, to: availability)
                edit.set(\.availabilityNote, to: options.note)
                return .store
            }
            guard let outcome else { throw .conflict }
            if case .changed(let changed) = outcome { logChange(event, of: changed.key, by: caller) }
            return outcome
        }
    }
}
