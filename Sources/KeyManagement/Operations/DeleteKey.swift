extension KeyService {
    /// Deletes a key that has nothing left to lose: all its versions are destroyed, or it never had one. Its name is free
    /// again; its id is never given twice. A tombstone remains.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` when a version is not destroyed.
    public func deleteKey(
        _ reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await perform(.deleteKey, by: caller) { (act) throws(KMSError) in
            for _ in 0..<8 {
                if let answer = try await firstAnswer(to: options.repeatable, of: caller) { return .repeated(answer) }
                let key = try await key(reference, for: act)
                guard key.state == .destroyed || key.state == .preActivation else {
                    throw .stateForbids("key '\(key.name)' is \(key.state.rawValue); destroy all its versions first")
                }
                if options.isDryRun { return .planned(ChangeImpact(key: key, versions: [])) }
                if let outcome = try await delete(key, options: options, for: act) { return outcome }
            }
            throw .conflict
        }
    }

    /// Deletes a key as it was read, with all that hangs on it. The blobs of its versions are erased.
    ///
    /// - Returns: nil when somebody changed it meanwhile.
    func delete(
        _ key: KeyRecord, options: ChangeOptions = .plain, for act: Act
    ) async throws(KMSError) -> ChangeOutcome? {
        let now = clock.now
        let changed = ChangedKey(key: key)
        let tombstone = try await sealed([KeyTombstone(of: key, at: now)])[0]
        let answer = try await sealed(options.repeatable.map { [$0.stored(changed, for: act.caller, at: now)] } ?? [])
        try await announce(
            [.init(tombstone.unverified)] + answer.map { .init($0.unverified) }, by: act)
        do throws(StoreError) {
            try await store.delete(key.id, revision: key.revision, leaving: tombstone, answer: answer.first)
            act.notes.confirmChange()
            records.noteChange()
            await forgetVersions(of: key)
            logChange("key deleted", of: key, by: act.caller)
            return .changed(changed)
        } catch {
            records.noteChange()
            guard error == .conflict || error == .repeated else { throw KMSError(error) }
            return nil
        }
    }
}
