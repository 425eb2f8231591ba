import Crypto

extension KeyService {
    /// Erases all imported material of a key at once: whoever owns it has it, and can bring it again.
    ///
    /// It may need approvals, as the destruction of a version does.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` for a key whose material was generated in the token.
    public func deleteImportedMaterial(
        of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await perform(.destroy, by: caller) { (act) throws(KMSError) in
            let act = act.narrowed(to: .deleteImportedKeyMaterial)
            if let answer = try await firstAnswer(to: options.repeatable, of: caller) { return .repeated(answer) }
            let key = try await key(reference, for: act)
            guard key.origin == .imported else {
                throw .stateForbids("the material of key '\(key.name)' was generated in the token; nobody else has it")
            }
            if !options.isDryRun {
                try await requireApproval(ofDeletion: reference, ["material": "imported"], options, for: act)
            }
            let outcome = try await withdraw(from: key.id, options: options, for: act) { _ in true }
            guard let outcome else { throw .conflict }
            return outcome
        }
    }

    /// Erases the material of a key if `isWanted` still says so when its state is read; else the answer is nil.
    func withdraw(
        from id: KeyID, options: ChangeOptions, for act: Act, _ isWanted: (KeyRecord) -> Bool
    ) async throws(KMSError) -> ChangeOutcome? {
        for _ in 0..<16 {
            guard let key = try await records.key(id) else { throw .keyNotFound(.id(id)) }
            let versions = try await allVersions(of: key).filter { $0.life.wrapped != nil }
            var edit = KeyEdit(key: key, active: nil, subject: nil, now: clock.now)
            guard isWanted(key) else { return nil }
            for version in versions { try edit.withdraw(version) { Array(SHA256.hash(data: $0)) } }
            edit.set(\.materialExpiresAt, to: nil)
            edit.touch()
            let changed = ChangedKey(key: edit.key)
            if options.isDryRun { return .planned(try await impact(of: edit)) }
            let change = try await sealed(
                edit.key, updated: edit.updated,
                answer: options.repeatable?.stored(changed, for: act.caller, at: edit.now))
            try await announce(change.changedRecords, by: act)
            do throws(StoreError) {
                try await store.apply(change)
                act.notes.confirmChange()
                records.noteChange()
                for version in edit.updated { await token.forget(version.id) }
                logChange("imported material erased", of: edit.key, by: act.caller)
                return .changed(changed)
            } catch {
                records.noteChange()
                guard error == .conflict || error == .repeated else { throw KMSError(error) }
            }
        }
        throw .conflict
    }

    /// All versions of a key as the store has them, verified, the newest first.
    private func allVersions(of key: KeyRecord) async throws(KMSError) -> [VersionRecord] {
        var versions: [VersionRecord] = []
        var cursor: VersionNumber?
        repeat {
            let before = cursor
            let stored = try await records.read { () throws(StoreError) in
                try await store.versions(of: key.id, before: before, limit: 501)
            }
            let isLast = stored.count <= 500
            versions += try await records.verified(Array(stored.prefix(500)), of: key, before: before, isLast: isLast)
            cursor = isLast ? nil : versions.last?.id.number
        } while cursor != nil
        return versions
    }
}
