extension KeyService {
    /// Creates the first version of a key in pre-activation, which becomes active.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` for a key that has a version already.
    package func activateKey(
        _ reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.changeState, changing: reference, "key activated", options, by: caller) {
            (key) throws(KMSError) in
            try await addVersionIfWanted(to: key, options: options) { (key) throws(KMSError) in
                guard key.state == .preActivation else {
                    throw .stateForbids(
                        "key '\(key.name)' is \(key.state.rawValue), not in pre-activation; activate one of its versions"
                    )
                }
                return true
            }
        }
    }
}
