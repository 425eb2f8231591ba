internal import Logging
internal import Synchronization

extension KeyService {
    /// Creates the state digest of a store that has none, from its present records. It is needed once, for a store of an
    /// earlier version.
    ///
    /// Each record's seal is verified first. Records that are already missing or outdated cannot be detected. No other process
    /// may have the store open. The audit log records the operation.
    ///
    /// - Parameter progress: called with the number of records counted so far.
    /// - Returns: the number of members of the state digest.
    /// - Throws: ``KMSError/stateForbids(_:)`` if the store has a state digest; ``KMSError/recordTampered(_:)`` if a record is
    ///   not as it was sealed.
    package func adoptState(progress: (_ records: Int) -> Void = { _ in }) async throws(KMSError) -> Int {
        let principal = Principal(profile: Profile(subject: try SubjectID("kms-operator"), kind: .system))
        return try await withAudit(.adoptState, by: principal) { (operation) throws(KMSError) in
            guard try await !hasState() else { throw .stateForbids("the store has a state digest already") }
            let stateKey = try await state.makeKey(at: clock.now)
            try await state.begin(with: stateKey)
            let document = stateKey.document
            let seals = try await atToken { () throws(TokenError) in
                try await operation.token.seal([document.canonicalBytes])
            }
            guard let seal = seals.first else { throw .internalFailure("the token made no seal") }
            var members = try await collectMembers(progress)
            for edit in StateEdit.store(document) { members.add(edit) }
            try await state.replace(by: members, adding: Sealed(unverified: document, seal: seal))
            records.noteChange()
            operation.recorder.note { $0.details["records"] = "\(members.count)" }
            logger.notice("the state digest was made", metadata: ["members": "\(members.count)"])
            return members.count
        }
    }

    /// Returns the members of the state digest for the present store. Their records' seals are verified.
    func collectMembers(_ progress: (Int) -> Void = { _ in }) async throws(KMSError) -> StateMembers {
        var members = StateMembers()
        for kind in RecordKind.allCases where kind != .shard {
            var cursor: RecordPlace?
            repeat {
                let after = cursor
                let page = try await records.read { () throws(StoreError) in
                    try await reader.records(of: kind, before: .last, after: after, limit: 1000)
                }
                try await records.verify(page.map(records.claim))
                for record in page {
                    guard let stateful = record.stateful else { continue }
                    for edit in StateEdit.store(stateful) { members.add(edit) }
                    if case .key(let key) = record { members.add(.name(of: key.unverified)) }
                }
                progress(members.count)
                cursor = page.count >= 1000 ? page.last?.place : nil
            } while cursor != nil
        }
        let epochs = try await atStore { () throws(StoreError) in try await reader.blobEpochs() }
        for epoch in epochs {
            var last: [UInt8]?
            while true {
                let after = last
                let page = try await records.read { () throws(StoreError) in
                    try await reader.blobs(under: epoch, after: after, limit: 1000)
                }
                for blob in page { members.add(StateEdit(.blob(blob, under: epoch), blob.stateDigest)) }
                guard page.count == 1000 else { break }
                last = page.last?.digest
            }
        }
        return members
    }
}

/// The members of all shards, while they are collected.
struct StateMembers {
    private(set) var byShard: [[[UInt8]: [UInt8]]] = Array(repeating: [:], count: ShardIndex.count)

    var count: Int { byShard.reduce(0) { $0 + $1.count } }

    mutating func add(_ edit: StateEdit) {
        byShard[edit.place.shard.number][edit.place.bytes] = edit.digest
    }
}

extension StateDigest {
    /// Replaces the whole state digest, and stores the state key with it if the store has none.
    func replace(
        by members: StateMembers, adding document: Sealed<DirectoryDocument>?
    ) async throws(KMSError) {
        let hash = try await hash()
        var (shards, rows): ([StateShard], [[StateMember]]) = ([], [])
        for (number, all) in members.byShard.enumerated() where !all.isEmpty {
            guard let index = ShardIndex(number) else { continue }
            let changes = all.map { (place: $0.key, old: [UInt8]?.none, new: [UInt8]?.some($0.value)) }
            shards.append(
                VerifiedShard(empty: index).changed(
                    changes, blind: Self.randomBytes(StateShard.blindByteCount), by: hash
                ).shard)
            rows.append(all.map { StateMember(shard: index, place: $0.key, digest: $0.value) })
        }
        let stored = try await sealed(shards)
        try await atStore { () throws(StoreError) in try await store.replaceState(stored, rows, adding: document) }
        state.withLock { $0.begin(with: StateVector(stored)) }
    }
}
