extension KeyStore {
    /// Binds the store to later roots of its token.
    ///
    /// - Throws: ``StoreError/conflict`` if the store is not bound, or is already bound to a later epoch.
    package func rebind(to binding: TokenBinding) async throws(StoreError) {
        _ = try await commit(StoreTransaction(binding: .later(binding)))
    }

    /// Returns records of one kind that are sealed or wrapped under an epoch before `epoch`, in the order of their places.
    ///
    /// - Parameters:
    ///   - kind: the kind of the records.
    ///   - epoch: the epoch; records under earlier ones are returned.
    ///   - cursor: the place of the last record of the previous page; `nil` for the first page.
    ///   - limit: the maximum number of records.
    package func records(
        of kind: RecordKind, before epoch: RootEpoch, after cursor: RecordPlace?, limit: Int
    ) async throws(StoreError) -> [StoredRecord] {
        let query = DocumentQuery(kind, after: cursor?.bytes ?? [], olderThan: epoch, limit: limit)
        return try await documents(query).map { (document) throws(StoreError) in try StoredRecord(document) }
    }

    /// Returns the same page, with the records that cannot be read by their names: one of them hides none of the others.
    package func page(
        of kind: RecordKind, before epoch: RootEpoch, after cursor: RecordPlace?, limit: Int
    ) async throws(StoreError) -> RecordPage {
        let query = DocumentQuery(kind, after: cursor?.bytes ?? [], olderThan: epoch, limit: limit)
        let documents = try await documents(query)
        var page = RecordPage()
        for document in documents {
            do throws(StoreError) {
                page.records.append(try StoredRecord(document))
            } catch .malformed(let name) {
                page.unreadable.append(name)
            }
        }
        if documents.count >= limit, let last = documents.last { page.next = RecordPlace(.bytes(last.place)) }
        return page
    }

    /// Replaces the seals, and the wrapped keys where given, of records that are still as they were read.
    ///
    /// - Parameters:
    ///   - replacements: the new seals and wrapped keys, with the old ones.
    ///   - state: if it has shards, all records are replaced or none.
    /// - Returns: the number of records replaced.
    /// - Throws: ``StoreError/conflict`` if `state` has shards and a record is not as it was read.
    package func replace(_ replacements: [SealReplacement], state: StateChange) async throws(StoreError) -> Int {
        guard !replacements.isEmpty else { return 0 }
        let changes = replacements.map { replacement in
            DocumentChange.reseal(
                replacement.result.write, from: replacement.record.seal, isOptional: state.shards.isEmpty)
        }
        return try await commit(StoreTransaction(changes, state: state))
    }
}

extension SealReplacement {
    /// The record after the replacement.
    var result: StoredRecord {
        switch record {
        case .document(let old):
            .document(Sealed(unverified: wrapped.map { old.unverified.rewrapped($0) } ?? old.unverified, seal: seal))
        case .version(let old):
            .version(Sealed(unverified: wrapped.map { old.unverified.rewrapped($0) } ?? old.unverified, seal: seal))
        case .importJob(let old):
            .importJob(Sealed(unverified: wrapped.map { old.unverified.rewrapped($0) } ?? old.unverified, seal: seal))
        case .key(let old): .key(Sealed(unverified: old.unverified, seal: seal))
        case .alias(let old): .alias(Sealed(unverified: old.unverified, seal: seal))
        case .usage(let old): .usage(Sealed(unverified: old.unverified, seal: seal))
        case .answer(let old): .answer(Sealed(unverified: old.unverified, seal: seal))
        case .tombstone(let old): .tombstone(Sealed(unverified: old.unverified, seal: seal))
        case .shard(let old): .shard(Sealed(unverified: old.unverified, seal: seal))
        }
    }
}
