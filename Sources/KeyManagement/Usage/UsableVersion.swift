internal import SecretMemory

/// A version that an authorised operation may use now, with the token that uses it.
///
/// It is the only way from an operation to a version key. Only this file makes one, from an ``AuthorizedKey`` whose state,
/// usage, availability and material allow it.
struct UsableVersion: Sendable {
    private let key: VersionKey
    private let token: CheckedToken

    var id: VersionID { key.id }
    var algorithm: KeyAlgorithm { key.algorithm }

    fileprivate init(_ version: VersionRecord, for use: StateTable.Use, in token: CheckedToken) throws(KMSError) {
        let wrapped = try version.wrapped(for: use)
        key = VersionKey(
            id: version.id, algorithm: version.algorithm, usage: version.usage, wrapped: wrapped,
            publicKey: version.publicKey)
        self.token = token
    }

    func encrypt(_ items: [Encryption]) async throws(KMSError) -> [SealedBox] {
        try await atToken { () throws(TokenError) in try await token.encrypt(items, with: key) }
    }

    func decrypt(_ items: [Decryption]) async throws(KMSError) -> [TokenResult<SecretBytes>] {
        try await atToken { () throws(TokenError) in try await token.decrypt(items, with: key) }
    }

    func decrypt(
        _ ciphertexts: [[UInt8]], by padding: AsymmetricEncryption
    ) async throws(KMSError) -> [TokenResult<SecretBytes>] {
        try await atToken { () throws(TokenError) in try await token.decrypt(ciphertexts, by: padding, with: key) }
    }

    func issueDataKeys(_ orders: [DataKeyOrder]) async throws(KMSError) -> [TokenDataKey] {
        try await atToken { () throws(TokenError) in try await token.issueDataKeys(orders, with: key) }
    }

    func sign(_ inputs: [[UInt8]], by algorithm: SignatureAlgorithm) async throws(KMSError) -> [[UInt8]] {
        try await atToken { () throws(TokenError) in try await token.sign(inputs, by: algorithm, with: key) }
    }

    func authenticate(_ messages: [[UInt8]]) async throws(KMSError) -> [[UInt8]] {
        try await atToken { () throws(TokenError) in try await token.authenticate(messages, with: key) }
    }

    func agree(with publicKey: PublicKeyInfo) async throws(KMSError) -> SecretBytes {
        try await atToken { () throws(TokenError) in try await token.agree(with: publicKey, by: key) }
    }
}

extension AuthorizedKey {
    /// Returns the active version of an AES key to encrypt with, with its uses reserved on disk.
    func versionToEncrypt(count: Int = 1) async throws(KMSError) -> UsableVersion {
        let version = try usableVersion(to: .produce, usage: .encryptDecrypt)
        guard case .aes = version.algorithm.family else {
            throw .usageForbids(
                "this takes a key of \(KeyAlgorithm.aes256GCM96.rawValue), not of \(version.algorithm.rawValue)")
        }
        try await reserve(UInt64(count), of: version.id)
        return version
    }

    /// Reserves encryptions. A version that nears its limit gets a successor.
    func reserve(_ count: UInt64, of version: VersionID) async throws(KMSError) {
        let service = operation.service
        let reservation = try await service.meters.reserve(count, of: version, at: service.now)
        operation.recorder.confirm(reservation.steps)
        guard reservation.isWorn else { return }
        await service.replaceWorn(version)
    }

    /// Returns the version that the key was authorised with, for a use in the token. The use is not counted yet.
    func usableVersion(to use: StateTable.Use, usage: KeyUsage) throws(KMSError) -> UsableVersion {
        let version = use == .produce ? try versionToProtect(usage: usage) : try versionToProcess(usage: usage)
        return try UsableVersion(version, for: use, in: operation.token)
    }

    /// Returns the record of the version that encrypts, signs or computes a MAC for the key, after all checks.
    func versionToProtect(usage: KeyUsage) throws(KMSError) -> VersionRecord {
        try require(usage)
        try requireEnabled()
        guard let version else {
            throw .stateForbids(
                "key '\(record.name)' has no active version; it is in the state \(record.state.rawValue)")
        }
        try check(version, for: .produce)
        return version
    }

    /// Returns the record of the version that verifies or decrypts for the key: the one that it was authorised with.
    func versionToProcess(usage: KeyUsage) throws(KMSError) -> VersionRecord {
        try require(usage)
        try requireEnabled()
        guard let version else {
            if case .number(let number) = choice { throw .versionNotFound(number) }
            throw .stateForbids("key '\(record.name)' has no active version; name the version")
        }
        try check(version, for: .consume)
        return version
    }

    private func check(_ version: VersionRecord, for use: StateTable.Use) throws(KMSError) {
        operation.recorder.note(version.id)
        try requireMaterial(of: version)
        _ = try version.wrapped(for: use)
    }

    private func require(_ usage: KeyUsage) throws(KMSError) {
        guard record.usage == usage else {
            throw .usageForbids("key '\(record.name)' is for \(record.usage.rawValue), not for \(usage.rawValue)")
        }
    }

    fileprivate func requireEnabled() throws(KMSError) {
        switch record.availability {
        case .enabled: break
        case .disabled: throw .keyDisabled(record.name)
        case .pendingDeletion: throw .keyPendingDeletion(record.name)
        }
    }

    /// Requires that imported material has not expired, because the scheduler may be late.
    fileprivate func requireMaterial(of version: VersionRecord) throws(KMSError) {
        guard let expiry = version.materialExpiresAt(in: record), expiry <= operation.now else { return }
        throw .stateForbids("the material of version \(version.id.number) of key '\(record.name)' has expired")
    }
}

extension VersionRecord {
    /// Returns the wrapped key, if the state permits the use.
    fileprivate func wrapped(for use: StateTable.Use) throws(KMSError) -> WrappedKey {
        guard StateTable.permits(use, in: state), let wrapped = life.wrapped else {
            throw .stateForbids("version \(id.number) of the key is \(state.rawValue)")
        }
        return wrapped
    }
}

extension OperationContext {
    /// Returns the version that made a ciphertext. If it does not exist, or the caller may not see it, the failure is
    /// ``KMSError/decryptionFailed``.
    func versionToDecrypt(_ id: VersionID, count: Int = 1) async throws(KMSError) -> UsableVersion {
        guard let key = try await find(id, count: count), let version = key.version,
            key.record.usage == .encryptDecrypt
        else { throw .decryptionFailed }
        try key.requireEnabled()
        try key.requireMaterial(of: version)
        return try UsableVersion(version, for: .consume, in: token)
    }
}
