/// What a new key shall be.
public struct CreateKeyRequest: Sendable {
    public var name: KeyName
    public var description: KeyDescription
    public var algorithm: KeyAlgorithm
    /// A key in pre-activation has no version yet, and does no cryptography.
    public var staysInPreActivation: Bool

    public init(
        name: KeyName, description: KeyDescription = .none, algorithm: KeyAlgorithm = .aes256GCM96,
        staysInPreActivation: Bool = false
    ) {
        self.name = name
        self.description = description
        self.algorithm = algorithm
        self.staysInPreActivation = staysInPreActivation
    }
}

extension KeyService {
    /// Makes a key, and unless it stays in pre-activation its first version, which is active.
    ///
    /// When this returns, the key is on disk.
    ///
    /// - Throws: ``KMSError/keyNameTaken(_:)``, ``KMSError/unsupported(_:)`` when the token has not proved the algorithm.
    public func createKey(_ request: CreateKeyRequest, by caller: Caller) async throws(KMSError) -> KeyRecord {
        try caller.require(.createKey)
        guard token.algorithms.contains(request.algorithm) else {
            throw .unsupported("this token cannot do \(request.algorithm.rawValue)")
        }
        let now = clock.now
        var key = KeyRecord(
            id: KeyID(), project: caller.project, name: request.name, description: request.description,
            algorithm: request.algorithm, origin: .generated, availability: .enabled, versions: .empty, revision: 1,
            createdAt: now, changedAt: now)
        var versions: [VersionRecord] = []
        if !request.staysInPreActivation {
            let wrapped = try await atToken { () throws(TokenError) in
                try await token.generateWrappedKey(request.algorithm)
            }
            versions = [key.addVersion(.first, wrapped, at: now)]
        }
        let change = try await sealed(key, inserted: versions)
        try await atStore(name: request.name) { () throws(StoreError) in
            try await store.insert(change.key, versions: change.inserted)
        }
        records.noteChange()
        logChange("key created", of: key, by: caller)
        return key
    }
}

extension KeyRecord {
    /// Counts a new active version and answers its record.
    mutating func addVersion(_ number: VersionNumber, _ wrapped: WrappedKey, at now: Timestamp) -> VersionRecord {
        versions.addActive(number)
        return VersionRecord(
            id: VersionID(key: id, number: number), project: project, algorithm: algorithm, origin: origin,
            createdAt: now, changedAt: now, stateCounter: 1, life: .active(wrapped))
    }
}
