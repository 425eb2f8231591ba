extension KeyStore {
    /// Adds a key, its first versions, and the answer to the request that created it.
    ///
    /// - Throws: ``StoreError/nameTaken`` if the project has a key or an alias of that name; ``StoreError/repeated`` if the
    ///   request was answered before.
    package func insert(
        _ key: Sealed<KeyRecord>, versions: [Sealed<VersionRecord>], answer: Sealed<IdempotentAnswer>?,
        state: StateChange
    ) async throws(StoreError) {
        // The answer is the first change: a repeated request is reported as repeated, not refused.
        let changes = Self.changes(answer) + [.insert(key)] + versions.map { .insert($0) }
        _ = try await commit(StoreTransaction(changes, state: state))
    }

    /// Makes one change of a key and of its versions.
    ///
    /// - Throws: ``StoreError/conflict`` if the key or a version is no longer at the expected revision;
    ///   ``StoreError/nameTaken`` if a new name belongs to another key or an alias; ``StoreError/repeated`` if the request was
    ///   answered before.
    package func apply(_ change: KeyChange, state: StateChange) async throws(StoreError) {
        // The version that stops being active is written first, so that two are never active.
        let changes =
            Self.changes(change.answer) + [.update(change.key)] + change.updated.map { .update($0) }
            + change.inserted.map { .insert($0) }
        let erases = change.updated.contains { $0.unverified.state == .destroyed }
        _ = try await commit(StoreTransaction(changes, state: state, erases: erases))
    }

    /// Deletes a key with its versions, aliases and usage, and leaves a tombstone.
    ///
    /// - Parameters:
    ///   - key: the key to delete.
    ///   - revision: the revision that the key was read at.
    ///   - aliases: the number of aliases that the key has.
    ///   - tombstone: the record that remains of the key.
    ///   - answer: the answer to the request, if the request is idempotent.
    ///   - state: the change of the state digest.
    /// - Throws: ``StoreError/conflict`` if the key is no longer at this revision, or has another number of aliases;
    ///   ``StoreError/repeated`` if the request was answered before.
    package func delete(
        _ key: KeyID, revision: UInt64, aliases: Int, leaving tombstone: Sealed<KeyTombstone>,
        answer: Sealed<IdempotentAnswer>?, state: StateChange
    ) async throws(StoreError) {
        let changes =
            Self.changes(answer) + [
                .deleteGroup(key.bytes, aliases: aliases), .delete(.key, key.bytes, from: revision), .insert(tombstone),
            ]
        _ = try await commit(StoreTransaction(changes, state: state, erases: true))
    }

    package func tombstone(of key: KeyID) async throws(StoreError) -> Sealed<KeyTombstone>? {
        try await record(at: RecordPlace(.bytes(key.bytes)))
    }

    /// Returns a key and one of its versions, read in one transaction.
    package func key(_ id: KeyID, with version: VersionChoice) async throws(StoreError) -> StoredKey? {
        let key = DocumentAddress.place(.key, id.bytes)
        let found =
            switch version {
            case .none: try await documents(at: [key])
            case .active: try await documents(at: [key, .name(VersionRecord.activeName(of: id))])
            case .number(let number):
                try await documents(at: [key, .place(.version, VersionID(key: id, number: number).place.bytes)])
            }
        guard let key = found[0] else { return nil }
        let row = found.count > 1 ? found[1] : nil
        return StoredKey(
            key: try key.record(), version: try row.map { (version) throws(StoreError) in try version.record() })
    }

    package func keyID(named name: KeyName, in project: ProjectID) async throws(StoreError) -> KeyID? {
        // An alias may have the name.
        guard let found = try await documents(at: [.name(name.documentName(in: project))])[0], found.kind == .key
        else { return nil }
        guard let id = KeyID(bytes: found.place) else { throw found.malformed("place") }
        return id
    }

    /// Returns at most `limit` keys of a project, sorted by name, starting with the first name after `cursor`.
    package func keys(
        in project: ProjectID, after cursor: KeyName?, limit: Int
    ) async throws(StoreError) -> [Sealed<KeyRecord>] {
        let prefix = KeyName.documentNames(in: project)
        return try await records(
            DocumentQuery(
                .key, .names, after: cursor?.documentName(in: project) ?? prefix, before: prefix.endOfPrefix,
                limit: limit))
    }

    /// Returns at most `limit` versions of a key, the newest first, starting with the first number below `cursor`.
    package func versions(
        of key: KeyID, before cursor: VersionNumber?, limit: Int
    ) async throws(StoreError) -> [Sealed<VersionRecord>] {
        let end = cursor.map { VersionID(key: key, number: $0).place.bytes } ?? key.bytes.endOfPrefix
        return try await records(
            DocumentQuery(.version, after: key.bytes, before: end, isDescending: true, limit: limit))
    }

    /// Returns the versions of a key that have this check value, the newest first.
    package func versions(
        of key: KeyID, with checkValue: CheckValue
    ) async throws(StoreError) -> [Sealed<VersionRecord>] {
        try await records(
            DocumentQuery(
                .version, .label(key.bytes + checkValue.bytes), isDescending: true, limit: Int(Int32.max)))
    }

    private static func changes(_ answer: Sealed<IdempotentAnswer>?) -> [DocumentChange] {
        answer.map { [.insert($0)] } ?? []
    }
}

extension DocumentChange {
    /// Returns the change that replaces the record one revision before.
    fileprivate static func update(_ record: Sealed<some DocumentRecord>) -> DocumentChange {
        .replace(record.write, from: record.unverified.documentRevision &- 1)
    }
}
