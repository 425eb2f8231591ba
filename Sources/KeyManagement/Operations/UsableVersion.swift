extension KeyService {
    /// The version that encrypts for a key, after everything that may forbid it was asked, and its uses reserved on disk.
    func versionToEncrypt(
        _ reference: KeyReference, count: Int = 1, for act: Act
    ) async throws(KMSError) -> VersionKey {
        let version = try await versionToProduce(reference, usage: .encryptDecrypt, count: count, for: act)
        guard case .aes = version.algorithm.family else {
            throw .usageForbids(
                "this takes a key of \(KeyAlgorithm.aes256GCM96.rawValue), not of \(version.algorithm.rawValue)")
        }
        try await reserve(UInt64(count), of: version.id)
        return version
    }

    /// Reserves encryptions. A version that nears its limit gets a successor.
    func reserve(_ count: UInt64, of version: VersionID) async throws(KMSError) {
        guard try await meters.reserve(count, of: version, at: clock.now) else { return }
        await replaceWorn(version)
    }

    /// The version that produces for a key, after everything that may forbid it was asked. The use is not counted yet.
    func versionToProduce(
        _ reference: KeyReference, usage: KeyUsage, count: Int = 1, for act: Act
    ) async throws(KMSError) -> VersionKey {
        let (key, version) = try await find(reference, with: .active, count: count, for: act)
        try Self.require(usage, of: key)
        try requireEnabled(key)
        guard let version else {
            throw .stateForbids("key '\(key.name)' has no active version; it is in the state \(key.state.rawValue)")
        }
        act.notes.note(version.id)
        try requireMaterial(of: version, key)
        return try Self.usable(version, for: .produce)
    }

    /// The version that made a ciphertext. Whatever the header names that is not there, or not the caller's, is
    /// ``KMSError/decryptionFailed``.
    func versionToConsume(_ id: VersionID, count: Int = 1, for act: Act) async throws(KMSError) -> VersionKey {
        guard let (key, version) = try await find(id, count: count, for: act), let version,
            key.usage == .encryptDecrypt
        else { throw .decryptionFailed }
        try requireEnabled(key)
        try requireMaterial(of: version, key)
        return try Self.usable(version, for: .consume)
    }

    /// A version that the caller names, to verify or decrypt with; the active one when no number is given.
    func versionToConsume(
        _ number: VersionNumber?, of reference: KeyReference, usage: KeyUsage, count: Int = 1, for act: Act
    ) async throws(KMSError) -> VersionRecord {
        let choice: VersionChoice = number.map { .number($0) } ?? .active
        let (key, version) = try await find(reference, with: choice, count: count, for: act)
        try Self.require(usage, of: key)
        try requireEnabled(key)
        guard let version else {
            if let number { throw .versionNotFound(number) }
            throw .stateForbids("key '\(key.name)' has no active version; name the version")
        }
        act.notes.note(version.id)
        try requireMaterial(of: version, key)
        _ = try Self.usable(version, for: .consume)
        return version
    }

    static func require(_ usage: KeyUsage, of key: KeyRecord) throws(KMSError) {
        guard key.usage == usage else {
            throw .usageForbids("key '\(key.name)' is for \(key.usage.rawValue), not for \(usage.rawValue)")
        }
    }

    private func requireEnabled(_ key: KeyRecord) throws(KMSError) {
        switch key.availability {
        case .enabled: break
        case .disabled: throw .keyDisabled(key.name)
        case .pendingDeletion: throw .keyPendingDeletion(key.name)
        }
    }

    /// Checks that imported material has not expired, because the scheduler may be late.
    private func requireMaterial(of version: VersionRecord, _ key: KeyRecord) throws(KMSError) {
        guard let expiry = version.materialExpiresAt(in: key), expiry <= clock.now else { return }
        throw .stateForbids("the material of version \(version.id.number) of key '\(key.name)' has expired")
    }

    static func usable(_ version: VersionRecord, for use: StateTable.Use) throws(KMSError) -> VersionKey {
        guard StateTable.permits(use, in: version.state), let wrapped = version.life.wrapped else {
            throw .stateForbids("version \(version.id.number) of the key is \(version.state.rawValue)")
        }
        return VersionKey(id: version.id, algorithm: version.algorithm, usage: version.usage, wrapped: wrapped)
    }
}
