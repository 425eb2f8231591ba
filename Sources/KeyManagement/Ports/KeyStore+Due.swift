// Scheduled work that is due.
extension KeyStore {
    /// Returns at most `limit` keys whose rotation is due by `moment`, the most overdue first. Keys that are disabled, not
    /// active or imported are not among them.
    package func keysDueForRotation(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        try await due(.rotation, of: .key, by: moment, limit: limit) { KeyID(bytes: $0) }
    }

    /// Returns at most `limit` keys whose deletion is due by `moment`, the most overdue first.
    package func keysDueForDeletion(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        try await due(.end, of: .key, by: moment, limit: limit) { KeyID(bytes: $0) }
    }

    /// Returns at most `limit` keys with imported material that expires by `moment`, the most overdue first. The expiry may be
    /// that of a version or of the key itself.
    package func keysWithExpiredMaterial(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        let keys = try await documents(due: .expiry, of: .key, by: moment, limit: limit)
        var times: [KeyID: Timestamp] = [:]
        for key in keys {
            guard let id = KeyID(bytes: key.place) else { throw malformed(.key, key.place) }
            times[id] = key.time
        }
        // Several versions of one key may be due.
        var count = limit
        while true {
            let versions = try await documents(due: .expiry, of: .version, by: moment, limit: count)
            var found: Set<KeyID> = []
            for version in versions {
                guard let id = VersionID(place: version.place)?.key else { throw malformed(.version, version.place) }
                found.insert(id)
                times[id] = min(times[id] ?? version.time, version.time)
            }
            if versions.count < count || found.count >= limit { break }
            count *= 2
        }
        return times.sorted { $0.value < $1.value }.prefix(max(0, limit)).map(\.key)
    }

    /// Returns at most `limit` versions whose destruction is due by `moment`, the most overdue first.
    package func versionsDueForDestruction(by moment: Timestamp, limit: Int) async throws(StoreError) -> [VersionID] {
        try await due(.end, of: .version, by: moment, limit: limit) { VersionID(place: $0) }
    }

    func due<ID>(
        _ task: DueTask, of kind: RecordKind, by moment: Timestamp, limit: Int, _ read: ([UInt8]) -> ID?
    ) async throws(StoreError) -> [ID] {
        try await documents(due: task, of: kind, by: moment, limit: limit).map { (document) throws(StoreError) in
            guard let id = read(document.place) else { throw malformed(kind, document.place) }
            return id
        }
    }

    private func malformed(_ kind: RecordKind, _ place: [UInt8]) -> StoreError {
        .malformed("\(kind.name(of: place)) (place)")
    }
}
