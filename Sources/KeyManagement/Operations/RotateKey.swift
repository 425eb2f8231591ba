extension KeyService {
    /// Makes a new version, which becomes the default one; the one before it is deactivated in the same transaction and
    /// goes on decrypting. A key in pre-activation gets its first version.
    ///
    /// When this returns, the version is on disk.
    public func rotateKey(_ reference: KeyReference, by caller: Caller) async throws(KMSError) -> KeyRecord {
        try caller.require(.rotateKey)
        let algorithm = try await key(reference, for: caller).algorithm
        let wrapped = try await atToken { () throws(TokenError) in try await token.generateWrappedKey(algorithm) }
        let key = try await change(reference, for: caller) { (key, active, now) throws(KMSError) in
            guard key.state != .destroyed else {
                throw .stateForbids("all versions of key '\(key.name)' are destroyed")
            }
            guard let number = key.versions.nextNumber else {
                throw .stateForbids("key '\(key.name)' has no version number left")
            }
            var changes = VersionChanges()
            if let active { changes.updated = [try key.move(active, on: .deactivate, at: now)] }
            changes.inserted = [key.addVersion(number, wrapped, at: now)]
            return changes
        }
        logChange("key rotated", of: key, by: caller)
        return key
    }
}

extension KeyRecord {
    /// Lets an event happen to a version that keeps its blob, and counts it.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` when the state table has no such transition.
    mutating func move(
        _ version: VersionRecord, on event: StateTable.Event, at now: Timestamp
    ) throws(KMSError) -> VersionRecord {
        guard let next = StateTable.state(after: event, in: version.state), let wrapped = version.life.wrapped else {
            throw .stateForbids(
                "\(event.rawValue) is not possible: version \(version.id.number) is \(version.state.rawValue)")
        }
        var moved = version
        switch next {
        case .active: moved.life = .active(wrapped)
        case .deactivated: moved.life = .deactivated(wrapped)
        case .pendingDestruction, .destroyed:
            throw .internalFailure("\(event.rawValue) needs more than the version")
        }
        moved.stateCounter += 1
        moved.changedAt = now
        versions.move(version.id.number, to: next)
        return moved
    }
}
