extension VerifiedRecords {
    /// Checks the seals of keys that go to a list and not into the cache.
    func verified(_ keys: [Sealed<KeyRecord>], of project: ProjectID) async throws(KMSError) -> [KeyRecord] {
        try await verify(keys.map(claim))
        for key in keys where key.unverified.project != project { throw tampered(key.unverified.sealedName) }
        return keys.map(\.unverified)
    }

    /// Checks a page of a key's versions, the newest first. They were read after the key, so what the key says of them may be
    /// older than they are, but never newer; and none may be missing.
    ///
    /// - Parameters:
    ///   - end: the number before which the page begins; nil for the first page.
    ///   - isLast: whether no older versions follow.
    func verified(
        _ versions: [Sealed<VersionRecord>], of key: KeyRecord, before end: VersionNumber?, isLast: Bool
    ) async throws(KMSError) -> [VersionRecord] {
        try await verify(versions.map(claim))
        let records = versions.map(\.unverified)
        for version in records {
            guard version.belongs(to: key) else { throw tampered(version.sealedName) }
            guard let known = key.versions[version.id.number] else { continue }
            guard version.stateCounter > known.counter || version.ledgerEntry == known else {
                throw tampered(version.sealedName)
            }
        }
        let numbers = records.map(\.id.number.value)
        let newest = min(key.versions.count, end.map { $0.value - 1 } ?? .max)
        let hasNoGap = zip(numbers, numbers.dropFirst()).allSatisfy { $0 == $1 + 1 }
        guard hasNoGap, numbers.first ?? 0 >= newest, !isLast || numbers.last ?? 1 == 1 else {
            throw tampered("the versions of key \(key.id)")
        }
        return records
    }
}
