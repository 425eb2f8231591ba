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
            let outcome = try await withdraw(from: key.id, options: options, for: act) { _, _ in true }
            guard let outcome else { throw .conflict }
            return outcome
        }
    }

    /// Erases the material of the versions of a key of which `isWanted` says so when their state is read.
    ///
    /// - Parameter isDue: whether what has expired is erased, so that there may be nothing to do: then the answer is `nil`.
    func withdraw(
        from id: KeyID, options: ChangeOptions, isDue: Bool = false, for act: Act,
        _ isWanted: (VersionRecord, KeyRecord) -> Bool
    ) async throws(KMSError) -> ChangeOutcome? {
        for _ in 0..<16 {
            guard let key = try await records.key(id) else { throw .keyNotFound(.id(id)) }
            let versions = try await allVersions(of: key).filter { $0.life.wrapped != nil && isWanted($0, key) }
            var edit = KeyEdit(key: key, active: nil, subject: nil, now: clock.now)
            // An expiry that stands in the key's own record is over for the versions for which it counted.
            let hasExpired = key.materialExpiresAt.map { $0 <= edit.now } ?? false
            guard !isDue || hasExpired || !versions.isEmpty else { return nil }
            for version in versions { try edit.withdraw(version) { Array(SHA256.hash(data: $0)) } }
            if !isDue || hasExpired { edit.set(\.materialExpiresAt, to: nil) }
            edit.touch()
            act.notes.note(erased: versions)
            let changed = ChangedKey(key: edit.key)
            if options.isDryRun { return .planned(try await impact(of: edit)) }
            try act.requireJudged(edit.guardedEffects, on: edit.key.id)
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

extension ActNotes {
    /// Notes which versions lose their material: as the entry's version where it is one, else by their numbers, of the first hundred.
    fileprivate func note(erased versions: [VersionRecord]) {
        let numbers = versions.map(\.id.number).sorted()
        note { known in
            known.version = numbers.count == 1 ? numbers.first : nil
            known.details["erased"] = numbers.isEmpty ? nil : "\(numbers.count)"
            guard numbers.count > 1 else { return }
            known.details["versions"] = numbers.prefix(100).map(\.description).joined(separator: ",")
        }
    }
}
