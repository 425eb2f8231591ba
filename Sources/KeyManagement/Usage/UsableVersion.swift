extension KeyService {
    /// Returns the version that encrypts for a key, after all checks, and with its uses reserved on disk.
    func versionToEncrypt(_ key: AuthorizedKey, count: Int = 1) async throws(KMSError) -> VersionKey {
        let version = try Self.usable(try versionToProtect(key, usage: .encryptDecrypt), for: .produce)
        guard case .aes = version.algorithm.family else {
            throw .usageForbids(
                "this takes a key of \(KeyAlgorithm.aes256GCM96.rawValue), not of \(version.algorithm.rawValue)")
        }
        try await reserve(UInt64(count), of: version.id, for: key.operation)
        return version
    }

    /// Reserves encryptions. A version that nears its limit gets a successor.
    func reserve(_ count: UInt64, of version: VersionID, for operation: OperationContext) async throws(KMSError) {
        let reservation = try await meters.reserve(count, of: version, at: clock.now)
        operation.recorder.confirm(reservation.steps)
        guard reservation.isWorn else { return }
        await replaceWorn(version)
    }

    /// Returns the version that produces for a key, after all checks. The use is not counted yet.
    func versionToProtect(_ key: AuthorizedKey, usage: KeyUsage) throws(KMSError) -> VersionRecord {
        let record = key.record
        try Self.require(usage, of: record)
        try requireEnabled(record)
        guard let version = key.version else {
            throw .stateForbids(
                "key '\(record.name)' has no active version; it is in the state \(record.state.rawValue)")
        }
        key.operation.recorder.note(version.id)
        try requireMaterial(of: version, record)
        _ = try Self.usable(version, for: .produce)
        return version
    }

    /// Returns the version that made a ciphertext. If it does not exist, or the caller may not see it, the failure is
    /// ``KMSError/decryptionFailed``.
    func versionToProcess(_ id: VersionID, count: Int = 1, for operation: OperationContext) async throws(KMSError)
        -> VersionKey
    {
        guard let key = try await authorize(id, count: count, for: operation), let version = key.version,
            key.record.usage == .encryptDecrypt
        else { throw .decryptionFailed }
        try requireEnabled(key.record)
        try requireMaterial(of: version, key.record)
        return try Self.usable(version, for: .consume)
    }

    /// Returns the version of a key to verify or decrypt with: the one that it was authorised with.
    func versionToProcess(_ key: AuthorizedKey, usage: KeyUsage) throws(KMSError) -> VersionRecord {
        try Self.require(usage, of: key.record)
        try requireEnabled(key.record)
        guard let version = key.version else {
            if case .number(let number) = key.choice { throw .versionNotFound(number) }
            throw .stateForbids("key '\(key.record.name)' has no active version; name the version")
        }
        key.operation.recorder.note(version.id)
        try requireMaterial(of: version, key.record)
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

    /// Requires that imported material has not expired, because the scheduler may be late.
    private func requireMaterial(of version: VersionRecord, _ key: KeyRecord) throws(KMSError) {
        guard let expiry = version.materialExpiresAt(in: key), expiry <= clock.now else { return }
        throw .stateForbids("the material of version \(version.id.number) of key '\(key.name)' has expired")
    }

    static func usable(_ version: VersionRecord, for use: StateTable.Use) throws(KMSError) -> VersionKey {
        guard StateTable.permits(use, in: version.state), let wrapped = version.life.wrapped else {
            throw .stateForbids("version \(version.id.number) of the key is \(version.state.rawValue)")
        }
        return VersionKey(
            id: version.id, algorithm: version.algorithm, usage: version.usage, wrapped: wrapped,
            publicKey: version.publicKey)
    }
}
