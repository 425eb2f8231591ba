extension KeyService {
    /// The version that encrypts for a key, after everything that may forbid it was asked.
    func versionToProduce(_ reference: KeyReference, for caller: Caller) async throws(KMSError) -> VersionKey {
        guard let id = try await records.resolve(reference, in: caller.project),
            let (key, version) = try await records.key(id, with: .active), key.project == caller.project
        else { throw .keyNotFound(reference) }
        try Self.requireEnabled(key)
        guard let version else {
            throw .stateForbids("key '\(key.name)' has no active version; it is in the state \(key.state.rawValue)")
        }
        return try Self.usable(version, for: .produce)
    }

    /// The version that made a ciphertext. Whatever the header names that is not there, or not the caller's, is
    /// ``KMSError/decryptionFailed``.
    func versionToConsume(_ id: VersionID, for caller: Caller) async throws(KMSError) -> VersionKey {
        guard let (key, version) = try await records.key(id.key, with: .number(id.number)),
            key.project == caller.project, let version
        else { throw .decryptionFailed }
        try Self.requireEnabled(key)
        return try Self.usable(version, for: .consume)
    }

    private static func requireEnabled(_ key: KeyRecord) throws(KMSError) {
        switch key.availability {
        case .enabled: return
        case .disabled: throw .stateForbids("key '\(key.name)' is disabled")
        }
    }

    private static func usable(_ version: VersionRecord, for use: StateTable.Use) throws(KMSError) -> VersionKey {
        guard StateTable.permits(use, in: version.state), let wrapped = version.life.wrapped else {
            throw .stateForbids("version \(version.id.number) of the key is \(version.state.rawValue)")
        }
        return VersionKey(id: version.id, algorithm: version.algorithm, wrapped: wrapped)
    }
}
