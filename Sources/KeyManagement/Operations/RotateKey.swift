extension KeyService {
    /// Makes a new version, which becomes the default one; the one before it is deactivated in the same transaction and
    /// goes on decrypting. A key in pre-activation gets its first version.
    ///
    /// When this returns, the version is on disk.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` for a key whose versions are all destroyed, or whose material is imported.
    public func rotateKey(
        _ reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await perform(.rotateKey, by: caller) { (act) throws(KMSError) in
            return try await addVersion(to: reference, options: options, event: "key rotated", for: act) { _ in true }
        }
    }

    /// Makes the first version of a key in pre-activation, which becomes active.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` for a key that has a version already.
    public func activateKey(
        _ reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await perform(.changeState, by: caller) { (act) throws(KMSError) in
            return try await addVersion(to: reference, options: options, event: "key activated", for: act) {
                (key) throws(KMSError) in
                guard key.state == .preActivation else {
                    throw .stateForbids(
                        "key '\(key.name)' is \(key.state.rawValue), not in pre-activation; activate one of its versions"
                    )
                }
                return true
            }
        }
    }

    /// Makes a new version if `isWanted` still says so when the key's state is read.
    private func addVersion(
        to reference: KeyReference, options: ChangeOptions, event: String, for act: Act,
        isWanted: (KeyRecord) throws(KMSError) -> Bool
    ) async throws(KMSError) -> ChangeOutcome {
        if let answer = try await firstAnswer(to: options.repeatable, of: act.caller) { return .repeated(answer) }
        let outcome = try await addVersionIfWanted(to: reference, options: options, for: act, isWanted: isWanted)
        guard let outcome else { throw .conflict }
        if case .changed(let changed) = outcome { logChange(event, of: changed.key, by: act.caller) }
        return outcome
    }

    /// - Returns: nil when the version is not wanted.
    func addVersionIfWanted(
        to reference: KeyReference, because cause: VersionCause = .request, options: ChangeOptions, for act: Act,
        isWanted: (KeyRecord) throws(KMSError) -> Bool
    ) async throws(KMSError) -> ChangeOutcome? {
        let current = try await key(reference, for: act)
        // Asked before the token is troubled, and again when the change is made.
        guard try isWanted(current) else { return nil }
        guard current.origin == .generated else {
            throw .stateForbids("key '\(current.name)' has imported material; its owner brings the next version")
        }
        try Self.requireRoom(for: current)
        let new: NewKey? =
            options.isDryRun
            ? nil
            : try await atToken { () throws(TokenError) in
                try await token.generateKey(current.algorithm, for: current.usage)
            }
        return try await change(reference, for: act, options: options) { (edit) throws(KMSError) in
            guard try isWanted(edit.key) else { return .leave }
            if let new {
                try edit.add(new, for: cause, note: options.note)
            } else if let active = edit.active {
                // A dry run makes no key.
                try edit.move(active, on: .deactivate, note: options.note)
            }
            return .store
        }
    }

    /// So that no key pair is generated for nothing.
    private static func requireRoom(for key: KeyRecord) throws(KMSError) {
        guard key.state != .destroyed else {
            throw .stateForbids("all versions of key '\(key.name)' are destroyed")
        }
    }
}
