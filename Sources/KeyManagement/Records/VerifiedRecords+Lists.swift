internal import Synchronization

extension VerifiedRecords {
    /// Verifies keys for a list, without caching them. A key that changed since it was read is read again.
    func verified(_ keys: [Sealed<KeyRecord>], of project: ProjectID) async throws(KMSError) -> [KeyRecord] {
        try await verify(keys.map(claim))
        let generation = cache.withLock { $0.moment.generation }
        var records: [KeyRecord] = []
        for key in keys.map(\.unverified) {
            guard key.project == project else { throw tampered(key.sealedName) }
            if try await state.check([key.stateClaim], in: generation) == nil {
                records.append(key)
            } else if let newer = try await load(key.id, with: .none)?.key {
                records.append(newer)
            }
        }
        return records
    }

    /// Verifies aliases of a list. An alias that was moved since it was read is read again.
    func verified(_ aliases: [Sealed<AliasRecord>], of project: ProjectID) async throws(KMSError) -> [AliasRecord] {
        try await verify(aliases.map(claim))
        let generation = cache.withLock { $0.moment.generation }
        var records: [AliasRecord] = []
        for alias in aliases.map(\.unverified) {
            guard alias.project == project else { throw tampered(alias.sealedName) }
            if try await state.check([alias.stateClaim], in: generation) == nil {
                records.append(alias)
            } else if let newer = try await self.alias(alias.name, in: project) {
                records.append(newer)
            }
        }
        return records
    }

    /// Verifies a page of a key's versions, the newest first.
    ///
    /// They were read after the key, so the key's ledger may be older than they are, but never newer. None may be missing.
    ///
    /// - Parameters:
    ///   - versions: the versions as read.
    ///   - key: the key that the versions belong to.
    ///   - end: the number before which the page begins; `nil` for the first page.
    ///   - isLast: true if no older versions follow.
    func verified(
        _ versions: [Sealed<VersionRecord>], of key: KeyRecord, before end: VersionNumber?, isLast: Bool
    ) async throws(KMSError) -> [VersionRecord] {
        try await verify(versions.map(claim))
        let records = try await newest(versions.map(\.unverified), of: key.id)
        for version in records {
            guard version.belongs(to: key) else { throw tampered(version.sealedName) }
            guard let known = key.versions[version.id.number] else { continue }
            guard version.stateCounter > known.counter || version.ledgerEntry == known else {
                throw try await disagreement(version.sealedName, with: key)
            }
        }
        let numbers = records.map(\.id.number.value)
        let newest = min(key.versions.count, end.map { $0.value - 1 } ?? .max)
        let hasNoGap = zip(numbers, numbers.dropFirst()).allSatisfy { $0 == $1 + 1 }
        guard hasNoGap, numbers.first ?? 0 >= newest, !isLast || numbers.last ?? 1 == 1 else {
            throw try await disagreement("the versions of key \(key.id)", with: key)
        }
        return records
    }

    /// Returns the reason why versions disagree with their key: the key was changed or deleted since it was read, or a row was
    /// tampered with.
    private func disagreement(_ name: String, with key: KeyRecord) async throws(KMSError) -> KMSError {
        try await load(key.id, with: .none)?.key == key ? tampered(name) : .conflict
    }

    /// Returns the present versions: one that changed since it was read is read again.
    func newest(_ versions: [VersionRecord], of key: KeyID) async throws(KMSError) -> [VersionRecord] {
        let generation = cache.withLock { $0.moment.generation }
        var records: [VersionRecord] = []
        for version in versions {
            if try await state.check([version.stateClaim], in: generation) == nil {
                records.append(version)
            } else if let newer = try await load(key, with: .number(version.id.number))?.version {
                records.append(newer)
            }
        }
        return records
    }
}
