/// What goes along with a change.
public struct ChangeOptions: Sendable {
    /// Why.
    public var note: ChangeNote?
    /// Nothing is changed; the answer says what would be.
    public var isDryRun: Bool
    /// Set when the request may be sent again.
    public var repeatable: RepeatableRequest?

    public static let plain = ChangeOptions()

    public init(note: ChangeNote? = nil, isDryRun: Bool = false, repeatable: RepeatableRequest? = nil) {
        self.note = note
        self.isDryRun = isDryRun
        self.repeatable = repeatable
    }
}

extension KeyService {
    /// What an edit came to.
    enum Verdict {
        case store
        /// There is nothing to do after all.
        case leave
    }

    /// Reads a key, lets `edit` say what becomes of it and of its versions, seals the outcome and stores it, with the answer to the
    /// request when that may be repeated. When somebody else was faster, all of it is done again on the new state, a few times.
    ///
    /// - Parameters:
    ///   - number: the version that the change is about, beside the active one.
    ///   - whilePendingDeletion: whether it may happen to a key that is about to be deleted.
    /// - Returns: nil when the edit left everything as it is.
    /// - Throws: ``KMSError/conflict`` when others were always faster.
    func change(
        _ reference: KeyReference, version number: VersionNumber? = nil, for act: Act,
        options: ChangeOptions = .plain, newName: KeyName? = nil, whilePendingDeletion: Bool = false,
        _ edit: (inout KeyEdit) throws(KMSError) -> Verdict
    ) async throws(KMSError) -> ChangeOutcome? {
        let caller = act.caller
        for _ in 0..<Self.attempts {
            if let answer = try await firstAnswer(to: options.repeatable, of: caller) { return .repeated(answer) }
            guard var draft = try await self.draft(reference, version: number, for: act) else { continue }
            guard whilePendingDeletion || draft.key.availability != .pendingDeletion else {
                throw .keyPendingDeletion(draft.key.name)
            }
            guard case .store = try edit(&draft) else { return nil }
            draft.touch()
            let changed = ChangedKey(key: draft.key, version: draft.outcome)
            if options.isDryRun { return .planned(try await impact(of: draft)) }
            try act.requireJudged(draft.guardedEffects, on: draft.key.id)
            let change = try await sealed(
                draft.key, updated: draft.updated, inserted: draft.inserted,
                answer: options.repeatable?.stored(changed, for: caller, at: draft.now))
            if let version = changed.version { act.notes.note(version.id) }
            try await announce(change.changedRecords, by: act)
            do throws(StoreError) {
                try await store.apply(change)
                act.notes.confirmChange()
                await noteChange(of: draft.updated)
                return .changed(changed)
            } catch {
                records.noteChange()
                guard error == .conflict || error == .repeated else { throw KMSError(error, name: newName) }
            }
        }
        throw .conflict
    }

    /// What the caller was told when the same request came before; nil when it did not.
    func firstAnswer(to request: RepeatableRequest?, of caller: Caller) async throws(KMSError) -> [UInt8]? {
        guard let request else { return nil }
        let id = RepeatableRequestID(request.key, of: caller)
        guard let stored = try await records.read({ () throws(StoreError) in try await store.answer(id) }) else {
            return nil
        }
        try await records.verify([records.claim(stored)])
        guard stored.unverified.id == id else { throw records.tampered(stored.unverified.sealedName) }
        guard stored.unverified.requestDigest == request.digest else { throw .idempotencyMismatch }
        return stored.unverified.answer
    }

    /// A key as it stands, to be changed; nil when it changed between two reads.
    private func draft(
        _ reference: KeyReference, version number: VersionNumber?, for act: Act
    ) async throws(KMSError) -> KeyEdit? {
        let (key, active) = try await find(reference, with: .active, for: act)
        guard let number else { return KeyEdit(key: key, active: active, subject: nil, now: clock.now) }
        guard let (same, version) = try await records.key(key.id, with: .number(number)) else {
            throw .keyNotFound(reference)
        }
        guard same.revision == key.revision else { return nil }
        guard let version else { throw .versionNotFound(number) }
        return KeyEdit(key: key, active: active, subject: version, now: clock.now)
    }

    /// What was known of changed versions is forgotten, here and in the token.
    private func noteChange(of versions: [VersionRecord]) async {
        records.noteChange()
        for version in versions where !StateTable.permits(.consume, in: version.state) {
            await token.forget(version.id)
        }
    }

    /// With so many callers changing one key at once, each of them gets its turn: of those who try together, one always wins.
    private static var attempts: Int { 32 }
}

extension RepeatableRequest {
    /// The answer as it is stored with the change.
    func stored(_ changed: ChangedKey, for caller: Caller, at now: Timestamp) -> StoredAnswer {
        StoredAnswer(
            id: RepeatableRequestID(key, of: caller), requestDigest: digest, answer: answer(changed), createdAt: now)
    }
}
