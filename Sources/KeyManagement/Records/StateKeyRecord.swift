/// The key of the state digest's multiset hash, as the token wrapped it. There is one a store, for the store's life.
///
/// The token has a key for HMAC-SHA256, made and wrapped as a version key is. What that key makes of a fixed message is the key of
/// the multiset hash; so whoever has the database alone cannot compute it.
struct StateKeyRecord: DirectoryRecord {
    /// By what name the token keeps the key that it has unwrapped.
    let handle: KeyID
    var wrapped: WrappedKey
    var revision: UInt64
    let createdAt: Timestamp

    static let kind = DirectoryKind.stateKey
    /// There is one only.
    static let name = "1"
    var key: String { Self.name }
    var parent: String { "" }

    init(handle: KeyID, wrapped: WrappedKey, at now: Timestamp) {
        self.handle = handle
        self.wrapped = wrapped
        revision = 1
        createdAt = now
    }

    var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.domain)
        encoding.append(1, handle.bytes)
        encoding.append(2, wrapped.epoch.number)
        encoding.append(3, wrapped.mechanism.rawValue)
        encoding.append(4, wrapped.blob)
        encoding.append(5, revision)
        encoding.append(6, createdAt.milliseconds)
        return encoding.bytes
    }

    init?(canonical bytes: [UInt8]) {
        guard let reader = CanonicalReader(bytes, domain: Self.domain),
            let handle = reader.bytes(1).flatMap({ KeyID(bytes: $0) }),
            let epoch = reader.number(2, as: UInt32.self).flatMap({ RootEpoch($0) }),
            let mechanism = reader.text(3).flatMap({ WrapMechanism(rawValue: $0) }), let blob = reader.bytes(4),
            let revision: UInt64 = reader.number(5), let createdAt = reader.time(6)
        else { return nil }
        self.handle = handle
        wrapped = WrappedKey(mechanism: mechanism, epoch: epoch, blob: blob)
        self.revision = revision
        self.createdAt = createdAt
    }

    /// By what name the token keeps the key.
    var keptAs: VersionID { VersionID(key: handle, number: .first) }

    /// The key as the token uses it.
    var versionKey: VersionKey {
        VersionKey(id: keptAs, algorithm: .hmacSHA256, usage: .generateVerifyMAC, wrapped: wrapped)
    }

    private static let domain = "hsm-kms/seal/state-key/1"
}
