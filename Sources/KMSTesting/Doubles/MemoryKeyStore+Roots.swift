public import KeyManagement
internal import Synchronization

extension MemoryKeyStore {
    public func rebind(to binding: TokenBinding) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            guard let current = rows.binding, current.epoch < binding.epoch else { throw .conflict }
            rows.binding = binding
        }
    }

    public func epochUses() async throws(StoreError) -> [RootEpoch: EpochUse] {
        try meetFault()
        return rows.withLock { $0.epochUses }
    }

    public func records(
        of kind: RecordKind, before epoch: RootEpoch, after cursor: RecordPlace?, limit: Int
    ) async throws(StoreError) -> [StoredRecord] {
        try meetFault()
        // All records at once, because this store has no order and so no cursor.
        guard cursor == nil else { return [] }
        return rows.withLock { rows in
            rows.allRecords.filter { $0.kind == kind && $0.earliestEpoch < epoch }
        }
    }

    public func replace(_ replacements: [SealReplacement], state: StateChange) async throws(StoreError) -> Int {
        var count = 0
        try write { (rows) throws(StoreError) in
            for replacement in replacements where rows.replace(replacement) { count += 1 }
            guard state.shards.isEmpty || count == replacements.count else { throw .conflict }
            try Self.apply(state, in: &rows)
        }
        return count
    }

    public func closeEpochs(through epoch: RootEpoch) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            guard rows.allRecords.allSatisfy({ $0.earliestEpoch > epoch }) else { throw .conflict }
            rows.closedThrough = max(rows.closedThrough, epoch.number)
        }
    }

    public func blobEpochs() async throws(StoreError) -> [RootEpoch] {
        try meetFault()
        return rows.withLock { rows in
            Set(rows.blobs.keys).union(rows.allRecords.compactMap { $0.wrapped?.epoch }).sorted()
        }
    }

    public func blobs(
        under epoch: RootEpoch, after cursor: [UInt8]?, limit: Int
    ) async throws(StoreError) -> [WrappedBlob] {
        try meetFault()
        return rows.withLock { rows in
            let stored = rows.allRecords.filter { $0.wrapped?.epoch == epoch }.compactMap(\.blob)
            let sorted = Set(rows.blobs[epoch, default: [:]].values).union(stored)
                .sorted { $0.digest.lexicographicallyPrecedes($1.digest) }
            let rest = sorted.filter { blob in cursor.map { $0.lexicographicallyPrecedes(blob.digest) } ?? true }
            return Array(rest.prefix(limit))
        }
    }
}

extension StoredRecord {
    var earliestEpoch: RootEpoch { min(seal.epoch, wrapped?.epoch ?? seal.epoch) }

    var blob: WrappedBlob? {
        guard let digest = wrapped?.digest, let owner else { return nil }
        return WrappedBlob(digest: digest, owner: owner)
    }
}

extension MemoryKeyStore.Rows {
    var allRecords: [StoredRecord] {
        documents.values.map { .document($0) } + keys.values.map { .key($0) }
            + versions.values.flatMap { $0 }.map { .version($0) } + aliases.values.map { .alias($0) }
            + reserved.values.map { .usage($0) } + jobs.values.map { .importJob($0) }
            + answers.values.map { .answer($0) } + tombstones.values.map { .tombstone($0) }
            + shards.values.map { .shard($0) }
    }

    var epochUses: [RootEpoch: EpochUse] {
        var uses: [RootEpoch: EpochUse] = [:]
        for record in allRecords {
            uses[record.seal.epoch, default: EpochUse()].sealed += 1
            if let wrapped = record.wrapped { uses[wrapped.epoch, default: EpochUse()].wrapped += 1 }
        }
        return uses
    }

    /// Refuses records under a closed epoch.
    func requireOpenEpochs() throws(StoreError) {
        guard closedThrough > 0 else { return }
        guard allRecords.allSatisfy({ $0.earliestEpoch.number > closedThrough }) else { throw .conflict }
    }

    /// Keeps the digest of a wrapped key that leaves the store.
    mutating func register(_ record: StoredRecord) {
        guard let wrapped = record.wrapped, let blob = record.blob else { return }
        blobs[wrapped.epoch, default: [:]][wrapped.digest] = blob
    }

    /// Replaces the seal of a record, and its wrapped key if given.
    ///
    /// - Returns: false if the record is no longer as it was read.
    mutating func replace(_ replacement: SealReplacement) -> Bool {
        let seal = replacement.seal
        register(replacement.record)
        switch replacement.record {
        case .document(let old):
            let name = MemoryKeyStore.DocumentName(kind: old.unverified.kind, key: old.unverified.key)
            guard documents[name]?.seal == old.seal else { return false }
            let document = replacement.wrapped.map { old.unverified.rewrapped($0) } ?? old.unverified
            documents[name] = Sealed(unverified: document, seal: seal)
        case .key(let old):
            guard keys[old.unverified.id]?.seal == old.seal else { return false }
            keys[old.unverified.id] = Sealed(unverified: old.unverified, seal: seal)
        case .version(let old):
            let id = old.unverified.id
            guard let place = versions[id.key]?.firstIndex(where: { $0.seal == old.seal && $0.unverified.id == id })
            else { return false }
            let version = replacement.wrapped.map { old.unverified.rewrapped($0) } ?? old.unverified
            versions[id.key]?[place] = Sealed(unverified: version, seal: seal)
        case .alias(let old):
            let name = MemoryKeyStore.AliasName(project: old.unverified.project, name: old.unverified.name)
            guard aliases[name]?.seal == old.seal else { return false }
            aliases[name] = Sealed(unverified: old.unverified, seal: seal)
        case .usage(let old):
            guard reserved[old.unverified.version]?.seal == old.seal else { return false }
            reserved[old.unverified.version] = Sealed(unverified: old.unverified, seal: seal)
        case .importJob(let old):
            guard jobs[old.unverified.id]?.seal == old.seal else { return false }
            let job = replacement.wrapped.map { old.unverified.rewrapped($0) } ?? old.unverified
            jobs[old.unverified.id] = Sealed(unverified: job, seal: seal)
        case .answer(let old):
            guard answers[old.unverified.id]?.seal == old.seal else { return false }
            answers[old.unverified.id] = Sealed(unverified: old.unverified, seal: seal)
        case .tombstone(let old):
            guard tombstones[old.unverified.id]?.seal == old.seal else { return false }
            tombstones[old.unverified.id] = Sealed(unverified: old.unverified, seal: seal)
        case .shard(let old):
            guard shards[old.unverified.index]?.seal == old.seal else { return false }
            shards[old.unverified.index] = Sealed(unverified: old.unverified, seal: seal)
        }
        return true
    }
}
