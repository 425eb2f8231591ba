extension KeyService {
    /// Reads a key with its active version, lets `change` say what becomes of them, seals the outcome and stores it. When
    /// somebody else was faster, all of it is done again on the new state, a few times.
    ///
    /// - Throws: ``KMSError/conflict`` when others were always faster.
    func change(
        _ reference: KeyReference, for caller: Caller, newName: KeyName? = nil,
        _ change: (inout KeyRecord, VersionRecord?, Timestamp) throws(KMSError) -> VersionChanges
    ) async throws(KMSError) -> KeyRecord {
        for _ in 0..<Self.attempts {
            guard let id = try await records.resolve(reference, in: caller.project),
                let (current, active) = try await records.key(id, with: .active), current.project == caller.project
            else { throw .keyNotFound(reference) }
            var key = current
            let now = clock.now
            let versions = try change(&key, active, now)
            key.touch(at: now)
            let sealedChange = try await sealed(key, updated: versions.updated, inserted: versions.inserted)
            do throws(StoreError) {
                try await store.apply(sealedChange)
                records.noteChange()
                return key
            } catch .conflict {
                records.noteChange()
            } catch {
                throw KMSError(error, name: newName)
            }
        }
        throw .conflict
    }

    /// With so many callers changing one key at once, each of them gets its turn: of those who try together, one always wins.
    private static var attempts: Int { 32 }
}

/// What a change of a key does to its versions.
struct VersionChanges {
    var updated: [VersionRecord] = []
    var inserted: [VersionRecord] = []
}
