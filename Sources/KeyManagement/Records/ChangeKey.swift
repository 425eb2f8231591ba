/// The options of a change.
package struct ChangeOptions: Sendable {
    /// The reason for the change.
    package var note: ChangeNote?
    /// True for a dry run: the operation stops before the commit, and answers with what it would have stored.
    package var isDryRun: Bool
    /// The idempotent request, if the request may be repeated.
    package var idempotency: IdempotentRequest?

    package static let plain = ChangeOptions()

    package init(note: ChangeNote? = nil, isDryRun: Bool = false, idempotency: IdempotentRequest? = nil) {
        self.note = note
        self.isDryRun = isDryRun
        self.idempotency = idempotency
    }
}

extension AuthorizedKey {
    /// The verdict of an edit.
    enum Verdict {
        case store
        /// There is nothing to do.
        case leave
    }

    /// Lets `edit` change a key and its versions, seals the result and stores it, together with the answer to an idempotent
    /// request.
    ///
    /// The key was authorised with its active version. After a concurrent change, the key is read again by its id, authorised again, and edited again, up to 32 times.
    ///
    /// - Parameters:
    ///   - number: the version that the change concerns, in addition to the active one.
    ///   - checkValue: the check value of imported material that may be added.
    ///   - options: the reason, the dry run and the idempotency of the change.
    ///   - newName: the new name of the key; `nil` if it keeps its name.
    ///   - edit: changes the key and its versions.
    /// - Returns: `nil` if the edit left everything unchanged.
    /// - Throws: ``KMSError/conflict`` if it lost every race against concurrent changes.
    func change(
        version number: VersionNumber? = nil, adding checkValue: CheckValue? = nil,
        options: ChangeOptions = .plain, newName: KeyName? = nil,
        _ edit: (inout KeyEdit) throws(KMSError) -> Verdict
    ) async throws(KMSError) -> ChangeOutcome? {
        let service = operation.service
        var key = self
        for attempt in 0..<Self.attempts {
            if let answer = try await service.firstAnswer(to: options.idempotency, of: caller) {
                return .repeated(answer)
            }
            if attempt > 0 { key = try await key.again() }
            guard var draft = try await service.draft(key, version: number, adding: checkValue) else { continue }
            let before = draft.key
            guard case .store = try edit(&draft) else { return nil }
            draft.touch()
            let changed = ChangedKey(key: draft.key, version: draft.outcome)
            try operation.requireJudged(draft.guardedEffects, on: draft.key.id)
            if let version = changed.version { operation.recorder.note(version.id) }
            if operation.isDryRun {
                if draft.key.name != before.name { try await operation.requireFree(draft.key.name) }
                return .planned(changed, try await service.impact(of: draft, for: operation))
            }
            let outcome = try await operation.save(
                draft.key, before: before, updated: draft.updated, inserted: draft.inserted,
                answer: options.idempotency?.stored(changed, for: caller, at: draft.now))
            switch outcome {
            case .success:
                await service.forget(draft.updated)
                return .changed(changed)
            case .failure(.conflict), .failure(.repeated): continue
            case .failure(let error): throw KMSError(error, name: newName)
            }
        }
        throw .conflict
    }

    /// The number of attempts. With that many concurrent callers on one key each succeeds, because one of them wins every race.
    private static var attempts: Int { 32 }
}

extension KeyService {
    /// Returns the first answer to a repeated request; `nil` if the request is new.
    func firstAnswer(to request: IdempotentRequest?, of caller: Caller) async throws(KMSError) -> [UInt8]? {
        guard let request else { return nil }
        let id = IdempotentRequestID(request.key, of: caller)
        let stored = try await records.newest { () throws(StoreError) in
            try await reader.answer(id)
        } claims: { stored in
            [stored?.unverified.stateClaim ?? .absent(.answer(id), "a stored answer")]
        }
        guard let stored else { return nil }
        try await records.verify([records.claim(stored)])
        guard stored.unverified.id == id else { throw records.tampered(stored.unverified.sealedName) }
        guard stored.unverified.requestDigest == request.digest else { throw .idempotencyMismatch }
        return stored.unverified.answer
    }

    /// Returns an edit of a key as it was authorised; `nil` if the key has changed since.
    ///
    /// Everything read with it is valid only if the key is still at this revision when the change is stored.
    fileprivate func draft(
        _ key: AuthorizedKey, version number: VersionNumber?, adding checkValue: CheckValue?
    ) async throws(KMSError) -> KeyEdit? {
        var subject: VersionRecord?
        if let number {
            guard let (same, version) = try await records.key(key.id, with: .number(number)),
                same.revision == key.record.revision
            else { return nil }
            guard let version else { throw .versionNotFound(number) }
            subject = version
        }
        var search = KeyEdit.MaterialSearch.notMade
        if let checkValue { search = .made(checkValue, found: try await version(of: checkValue, in: key)) }
        return KeyEdit(key: key.record, active: key.version, subject: subject, search: search, now: clock.now)
    }

    /// Makes the token evict the versions that may no longer be used.
    fileprivate func forget(_ versions: [VersionRecord]) async {
        for version in versions where !StateTable.permits(.consume, in: version.state) {
            await tokenInformation.forget(version.id)
        }
    }
}

extension IdempotentRequest {
    /// Returns the answer as it is stored with the change.
    func stored(_ changed: ChangedKey, for caller: Caller, at now: Timestamp) -> IdempotentAnswer {
        IdempotentAnswer(
            id: IdempotentRequestID(key, of: caller), requestDigest: digest, answer: answer(changed), createdAt: now)
    }
}
