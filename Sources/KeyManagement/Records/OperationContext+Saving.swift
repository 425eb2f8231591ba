// The storing of changes: sealed, counted by the state digest and announced in the audit log, in one transaction.

extension OperationContext {
    /// Stores a change of a key.
    ///
    /// - Parameters:
    ///   - key: the key as changed.
    ///   - before: the key as it was read.
    ///   - updated: the changed versions.
    ///   - inserted: the new versions.
    ///   - answer: the answer to the request for the change, if the request is idempotent.
    func save(
        _ key: KeyRecord, before: KeyRecord, updated: [VersionRecord] = [], inserted: [VersionRecord] = [],
        answer: IdempotentAnswer? = nil
    ) async throws(KMSError) -> Result<Void, StoreError> {
        var edits = StateEdit.store(key) + (updated + inserted).flatMap { StateEdit.store($0) }
        if before.name != key.name { edits += [.removedName(of: before), .name(of: key)] }
        return try await save(key, edits, updated, inserted, answer) {
            (change, state) throws(StoreError) in
            try await store.apply(change, state: state)
        }
    }

    /// Stores a new key.
    func insert(
        _ key: KeyRecord, _ versions: [VersionRecord], answer: IdempotentAnswer?
    ) async throws(KMSError) -> Result<Void, StoreError> {
        let edits = StateEdit.store(key) + [.name(of: key)] + versions.flatMap { StateEdit.store($0) }
        return try await save(key, edits, [], versions, answer) { (change, state) throws(StoreError) in
            try await store.insert(change.key, versions: change.inserted, answer: change.answer, state: state)
        }
    }

    private func save(
        _ key: KeyRecord, _ edits: [StateEdit], _ updated: [VersionRecord], _ inserted: [VersionRecord],
        _ answer: IdempotentAnswer?,
        _ write: (KeyChange, StateChange) async throws(StoreError) -> Void
    ) async throws(KMSError) -> Result<Void, StoreError> {
        let versions = updated + inserted
        let messages =
            [key.canonicalBytes] + versions.map(\.canonicalBytes) + (answer.map { [$0.canonicalBytes] } ?? [])
        return try await commit(
            edits + (answer.map { StateEdit.store($0) } ?? []), sealing: messages,
            announcing: AuditEntry.ChangedRecord.all(of: key, versions, answer)
        ) { (seals, state) throws(StoreError) in
            let sealed = zip(versions, seals.dropFirst()).map { Sealed(unverified: $0, seal: $1) }
            let change = KeyChange(
                key: Sealed(unverified: key, seal: seals[0]), updated: Array(sealed.prefix(updated.count)),
                inserted: Array(sealed.dropFirst(updated.count)),
                answer: answer.map { Sealed(unverified: $0, seal: seals[seals.count - 1]) })
            try await write(change, state)
        }
    }

    /// Deletes a key with its versions, aliases and usage, and leaves a tombstone.
    func delete(
        _ key: KeyRecord, leaving tombstone: KeyTombstone, answer: IdempotentAnswer?
    ) async throws(KMSError) -> Result<Void, StoreError> {
        let aliases = try await allAliases(of: key)
        var edits = StateEdit.remove(key) + [.removedName(of: key)] + aliases.flatMap { StateEdit.remove($0) }
        for number in key.versions.numbers {
            let id = VersionID(key: key.id, number: number)
            edits += [StateEdit(.version(id), nil), StateEdit(.usage(id), nil)]
        }
        edits += StateEdit.store(tombstone) + (answer.map { StateEdit.store($0) } ?? [])
        let messages = [tombstone.canonicalBytes] + (answer.map { [$0.canonicalBytes] } ?? [])
        return try await commit(
            edits, sealing: messages,
            announcing: [.init(tombstone)] + (answer.map { [.init($0)] } ?? [])
        ) {
            (seals, state) throws(StoreError) in
            try await store.delete(
                key.id, revision: key.revision, aliases: aliases.count,
                leaving: Sealed(unverified: tombstone, seal: seals[0]),
                answer: answer.map { Sealed(unverified: $0, seal: seals[1]) }, state: state)
        }
    }

    private func allAliases(of key: KeyRecord) async throws(KMSError) -> [AliasRecord] {
        var all: [AliasRecord] = []
        while true {
            let last = all.last?.name
            let page = try await records.read { () throws(StoreError) in
                try await service.reader.aliases(in: key.project, of: key.id, after: last, limit: 500)
            }
            all += try await records.verified(page, of: key.project).filter { $0.key == key.id }
            if page.count < 500 { return all }
        }
    }

    /// Stores one sealed record.
    ///
    /// - Parameters:
    ///   - record: the record, which is sealed.
    ///   - replaced: the record that it replaces.
    ///   - change: the record as the audit log names it before it is stored.
    ///   - write: stores the sealed record with the change of the state digest.
    func save<Record: StatefulRecord>(
        _ record: Record, replacing replaced: StateEdit.Replaced = .anything,
        announcing change: AuditEntry.ChangedRecord,
        _ write: (Sealed<Record>, StateChange) async throws(StoreError) -> Void
    ) async throws(KMSError) -> Result<Void, StoreError> {
        try await commit(
            StateEdit.store(record, replacing: replaced), sealing: [record.canonicalBytes], announcing: [change]
        ) {
            (seals, state) throws(StoreError) in
            try await write(Sealed(unverified: record, seal: seals[0]), state)
        }
    }

    /// Removes one record.
    func remove(
        _ record: some StatefulRecord, announcing change: AuditEntry.ChangedRecord,
        _ write: (StateChange) async throws(StoreError) -> Void
    ) async throws(KMSError) -> Result<Void, StoreError> {
        try await commit(StateEdit.remove(record), sealing: [], announcing: [change]) {
            (_, state) throws(StoreError) in
            try await write(state)
        }
    }

    private func commit(
        _ edits: [StateEdit], sealing messages: [[UInt8]], announcing changes: [AuditEntry.ChangedRecord],
        _ write: ([Seal], StateChange) async throws(StoreError) -> Void
    ) async throws(KMSError) -> Result<Void, StoreError> {
        guard !isDryRun else { throw .internalFailure("\(verb.rawValue) would store the result of a dry run") }
        let outcome = try await service.state.commit(edits, sealing: messages) { (steps) throws(KMSError) in
            recorder.announce(steps)
            try await announce(changes)
        } _: {
            (seals, state) throws(StoreError) in
            try await write(seals, state)
        }
        records.noteChange()
        return outcome.map { committed in
            recorder.confirm(committed.steps)
            recorder.confirmChange()
        }
    }
}

extension VersionLedger {
    /// All numbers that the key has assigned, starting with 1.
    fileprivate var numbers: some Sequence<VersionNumber> { (0..<count).lazy.compactMap { VersionNumber($0 + 1) } }
}
