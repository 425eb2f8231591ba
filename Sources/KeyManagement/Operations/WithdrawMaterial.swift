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
        try await performChange(
            .destroy, of: reference, as: [.deleteImportedKeyMaterial], nil, options, by: caller
        ) { (key) throws(KMSError) in
            guard key.record.origin == .imported else {
                throw .stateForbids(
                    "the material of key '\(key.record.name)' was generated in the token; nobody else has it")
            }
            if !options.isDryRun {
                try await requireApproval(of: .destroy, on: key, ["material": "imported"], because: options.note)
            }
            return try await withdraw(from: key, options: options) { _ in true }
        }
    }

    /// Erases the material of a key if `isWanted` still says so when its state is read; else the answer is nil.
    func withdraw(
        from key: AuthorizedKey, options: ChangeOptions = .plain, _ isWanted: (KeyRecord) -> Bool
    ) async throws(KMSError) -> ChangeOutcome? {
        let act = key.act
        var key = key
        for attempt in 0..<16 {
            if attempt > 0 {
                if let answer = try await firstAnswer(to: options.repeatable, of: act.caller) {
                    return .repeated(answer)
                }
                key = try await authorizeAgain(key)
            }
            guard isWanted(key.record) else { return nil }
            let versions = try await allVersions(of: key.record)
            // One that is newer than the key says was changed meanwhile.
            guard versions.allSatisfy({ key.record.versions[$0.id.number] == $0.ledgerEntry }) else { continue }
            var edit = KeyEdit(key: key.record, active: key.version, subject: nil, now: clock.now)
            for version in versions where version.life.wrapped != nil {
                try edit.withdraw(version) { Array(SHA256.hash(data: $0)) }
            }
            try edit.setMaterialExpiry(nil)
            edit.touch()
            let changed = ChangedKey(key: edit.key)
            if options.isDryRun { return .planned(try await impact(of: edit)) }
            let outcome = try await store(
                edit.key, before: key.record, updated: edit.updated,
                answer: options.repeatable?.stored(changed, for: act.caller, at: edit.now), for: act)
            switch outcome {
            case .success:
                for version in edit.updated { await token.forget(version.id) }
                logChange("imported material erased", of: edit.key, by: act.caller)
                return .changed(changed)
            case .failure(.conflict), .failure(.repeated): continue
            case .failure(let error): throw KMSError(error)
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
