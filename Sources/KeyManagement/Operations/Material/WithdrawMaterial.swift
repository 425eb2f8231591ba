import Crypto

extension KeyService {
    /// Erases all imported material of a key at once. Its owner has a copy and can import it again.
    ///
    /// It may need approvals, as the destruction of a version does.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` for a key whose material was generated in the token.
    package func deleteImportedMaterial(
        of reference: KeyReference, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(
            .destroy, changing: reference, as: [.deleteImportedKeyMaterial], nil, options, by: caller
        ) { (key) throws(KMSError) in
            guard key.record.origin == .imported else {
                throw .stateForbids(
                    "the material of key '\(key.record.name)' was generated in the token and cannot be deleted; schedule its destruction"
                )
            }
            try await key.operation.requireApproval(of: .eraseMaterial(of: key.id, note: options.note))
            return try await withdraw(from: key, options: options) { _, _ in true }
        }
    }

    /// Erases the material of the versions of a key that `isWanted` selects, when their state is read.
    ///
    /// - Parameters:
    ///   - key: the key whose versions are considered.
    ///   - options: the reason, the dry run and the idempotency of the change.
    ///   - isDue: true if expired material is erased, so that there may be nothing to do: then the result is `nil`.
    ///   - isWanted: returns true for a version whose material is erased.
    func withdraw(
        from key: AuthorizedKey, options: ChangeOptions = .plain, isDue: Bool = false,
        _ isWanted: (VersionRecord, KeyRecord) -> Bool
    ) async throws(KMSError) -> ChangeOutcome? {
        let operation = key.operation
        var key = key
        for attempt in 0..<16 {
            if attempt > 0 {
                if let answer = try await firstAnswer(to: options.idempotency, of: key.caller) {
                    return .repeated(answer)
                }
                key = try await key.again()
            }
            let all = try await allVersions(of: key.record)
            // A version that is newer than the key's record was changed meanwhile.
            guard all.allSatisfy({ key.record.versions[$0.id.number] == $0.ledgerEntry }) else { continue }
            let versions = all.filter { $0.life.wrapped != nil && isWanted($0, key.record) }
            var edit = KeyEdit(key: key.record, active: key.version, subject: nil, now: clock.now)
            // An expiry in the key's own record is over for the versions that it applied to.
            let hasExpired = key.record.materialExpiresAt.map { $0 <= edit.now } ?? false
            guard !isDue || hasExpired || !versions.isEmpty else { return nil }
            for version in versions { try edit.withdraw(version) { Array(SHA256.hash(data: $0)) } }
            if !isDue || hasExpired { edit.clearMaterialExpiry() }
            edit.touch()
            operation.recorder.note(erased: versions)
            let changed = ChangedKey(key: edit.key)
            try operation.requireJudged(edit.guardedEffects, on: edit.key.id)
            if operation.isDryRun { return .planned(changed, try await impact(of: edit, for: operation)) }
            let outcome = try await operation.save(
                edit.key, before: key.record, updated: edit.updated,
                answer: options.idempotency?.stored(changed, for: key.caller, at: edit.now))
            switch outcome {
            case .success:
                for version in edit.updated { await tokenInformation.forget(version.id) }
                logChange("imported material erased", of: edit.key, by: key.caller)
                return .changed(changed)
            case .failure(.conflict), .failure(.repeated): continue
            case .failure(let error): throw KMSError(error)
            }
        }
        throw .conflict
    }

    /// Returns all versions of a key in the store, verified, the newest first.
    private func allVersions(of key: KeyRecord) async throws(KMSError) -> [VersionRecord] {
        var versions: [VersionRecord] = []
        var cursor: VersionNumber?
        repeat {
            let before = cursor
            let stored = try await records.read { () throws(StoreError) in
                try await reader.versions(of: key.id, before: before, limit: 501)
            }
            let isLast = stored.count <= 500
            versions += try await records.verified(Array(stored.prefix(500)), of: key, before: before, isLast: isLast)
            cursor = isLast ? nil : versions.last?.id.number
        } while cursor != nil
        return versions
    }
}

extension AuditRecorder {
    /// Notes which versions lose their material: as the entry's version if it is one, otherwise by the numbers of the first
    /// hundred.
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
