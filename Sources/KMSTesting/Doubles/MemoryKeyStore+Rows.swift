internal import KeyManagement

extension MemoryKeyStore {
    /// The content of the store.
    struct Rows {
        var binding: TokenBinding?
        var documents: [RecordKind: [[UInt8]: SealedDocument]] = [:]
        /// The documents that have names.
        var names: [[UInt8]: DocumentAddress] = [:]
        var members: [ShardIndex: [[UInt8]: [UInt8]]] = [:]
        var blobs: [RootEpoch: [[UInt8]: WrappedBlob]] = [:]
        var uses: [VersionID: [Int64: DailyUse]] = [:]
        var credentialUses: [CredentialHash: Timestamp] = [:]
        var closedThrough: UInt32 = 0
        var mark: Int64 = 0
    }
}

extension MemoryKeyStore.Rows {
    var all: [SealedDocument] { documents.values.flatMap(\.values) }

    func documents(of kind: RecordKind) -> [SealedDocument] { documents[kind].map { Array($0.values) } ?? [] }

    func document(at address: DocumentAddress) -> SealedDocument? {
        switch address {
        case .place(let kind, let place): documents[kind]?[place]
        case .name(let name): names[name].flatMap { document(at: $0) }
        }
    }

    func documents(_ query: DocumentQuery) -> [SealedDocument] {
        func sortKey(_ document: SealedDocument) -> [UInt8]? {
            if case .names = query.selection { document.index.name } else { document.place }
        }
        let found = documents(of: query.kind).filter { document in
            let isSelected =
                switch query.selection {
                case .all, .names: true
                case .label(let label): document.index.label == label
                case .group(let group): document.index.group == group
                }
            guard isSelected, let key = sortKey(document), query.after.lexicographicallyPrecedes(key),
                query.before.map({ key.lexicographicallyPrecedes($0) }) ?? true
            else { return false }
            return query.epoch.map { document.earliestEpoch < $0 } ?? true
        }.sorted { lhs, rhs in
            (sortKey(lhs) ?? []).lexicographicallyPrecedes(sortKey(rhs) ?? [])
        }
        return Array((query.isDescending ? found.reversed() : found).prefix(query.limit))
    }

    func hasVersion(_ version: VersionID) -> Bool {
        documents[.version]?[RecordPlace(.bytes(version.key.bytes), .number(Int64(version.number.value))).bytes] != nil
    }

    var epochUses: [RootEpoch: EpochUse] {
        var uses: [RootEpoch: EpochUse] = [:]
        for document in all {
            uses[document.seal.epoch, default: EpochUse()].sealed += 1
            if let epoch = document.wrapEpoch { uses[epoch, default: EpochUse()].wrapped += 1 }
        }
        return uses
    }

    // MARK: Changes

    /// Makes the changes of a transaction.
    ///
    /// - Returns: the number of documents that were resealed.
    mutating func apply(_ transaction: StoreTransaction) throws(StoreError) -> Int {
        switch transaction.binding {
        case nil: break
        case .first(let binding):
            guard self.binding == nil else { throw .conflict }
            self.binding = binding
        case .later(let binding):
            guard let current = self.binding, current.epoch < binding.epoch else { throw .conflict }
            self.binding = binding
        }
        if transaction.clearsState {
            documents[.shard] = nil
            members = [:]
        }
        var resealed = 0
        for change in transaction.changes { resealed += try apply(change) ? 1 : 0 }
        for member in transaction.members { members[member.shard, default: [:]][member.place] = member.digest }
        return resealed
    }

    /// Makes one change.
    ///
    /// - Returns: true if it resealed a document.
    private mutating func apply(_ change: DocumentChange) throws(StoreError) -> Bool {
        switch change {
        case .insert(let write):
            guard current(write) == nil else { throw write.document.kind.collision }
            try put(write)
        case .replace(let write, let revision):
            guard let current = current(write), current.revision == revision, current.fixed == write.document.fixed
            else { throw write.document.kind.collision }
            remove(current)
            try put(write)
        case .reseal(let write, let seal, let isOptional):
            guard let current = current(write), current.seal == seal else {
                guard isOptional else { throw .conflict }
                return false
            }
            remove(current)
            try put(write)
            return true
        case .delete(let kind, let place, let revision):
            let current = documents[kind]?[place]
            guard revision == nil || current?.revision == revision else { throw .conflict }
            if let current { remove(current) }
        case .deleteGroup(let group, let aliases):
            let members = all.filter { $0.index.group == group }
            guard members.count(where: { $0.kind == .alias }) == aliases else { throw .conflict }
            for member in members { remove(member) }
            uses = uses.filter { $0.key.key.bytes != group }
        }
        return false
    }

    private func current(_ write: DocumentWrite) -> SealedDocument? { document(at: write.document.address) }

    private mutating func put(_ write: DocumentWrite) throws(StoreError) {
        let document = write.document
        guard document.earliestEpoch.number > closedThrough else { throw .conflict }
        guard write.owner.map({ self.document(at: $0) != nil }) ?? true else { throw .conflict }
        if let name = document.index.name {
            guard names[name] == nil else { throw document.kind.nameCollision }
            names[name] = document.address
        }
        documents[document.kind, default: [:]][document.place] = document
        if let blob = write.blob, let epoch = document.wrapEpoch {
            blobs[epoch, default: [:]][blob.digest] = blobs[epoch]?[blob.digest] ?? blob
        }
    }

    private mutating func remove(_ document: SealedDocument) {
        documents[document.kind]?[document.place] = nil
        if let name = document.index.name { names[name] = nil }
    }
}

extension SealedDocument {
    fileprivate var address: DocumentAddress { .place(kind, place) }
}
