/// The key of the state digest's multiset hash: a data key under a key of its own. The token generated and wrapped that key
/// like a version key.
///
/// Each store has one for its whole life. A copy of the database is not enough to compute it.
struct StateKeyRecord: DirectoryRecord {
    /// The name under which the token caches the unwrapped key.
    let handle: KeyID
    var wrapped: WrappedKey
    /// The data key, 32 bytes, encrypted by the token (AES-256-GCM).
    let box: SealedBox
    var revision: UInt64
    let createdAt: Timestamp

    static let kind = DirectoryKind.stateKey
    /// The name of the only record.
    static let name = "1"
    var key: String { Self.name }
    var parent: String { "" }

    init(handle: KeyID, wrapped: WrappedKey, box: SealedBox, at now: Timestamp) {
        self.handle = handle
        self.wrapped = wrapped
        self.box = box
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
        encoding.append(7, box.nonce)
        encoding.append(8, box.ciphertextAndTag)
        return encoding.bytes
    }

    init?(canonical bytes: [UInt8]) {
        guard let reader = CanonicalReader(bytes, domain: Self.domain),
            let handle = reader.bytes(1).flatMap({ KeyID(bytes: $0) }),
            let epoch = reader.number(2, as: UInt32.self).flatMap({ RootEpoch($0) }),
            let mechanism = reader.text(3).flatMap({ WrapMechanism(rawValue: $0) }), let blob = reader.bytes(4),
            let revision: UInt64 = reader.number(5), let createdAt = reader.time(6), let nonce = reader.bytes(7),
            let sealed = reader.bytes(8), nonce.count == SealedBox.nonceLength,
            sealed.count == Self.byteCount + SealedBox.tagLength
        else { return nil }
        box = SealedBox(nonce: nonce, ciphertextAndTag: sealed)
        self.handle = handle
        wrapped = WrappedKey(mechanism: mechanism, epoch: epoch, blob: blob)
        self.revision = revision
        self.createdAt = createdAt
    }

    /// The name under which the token caches the key.
    var keptAs: VersionID { VersionID(key: handle, number: .first) }

    /// The key in the form that the token uses.
    var versionKey: VersionKey {
        VersionKey(id: keptAs, algorithm: .aes256GCM96, usage: .encryptDecrypt, wrapped: wrapped)
    }

    /// The additional authenticated data of the data key.
    static let additionalData = Array("hsm-kms/state-digest-key/1".utf8)
    /// The length of the data key, in bytes.
    static let byteCount = 32

    private static let domain = "hsm-kms/seal/state-key/1"
}
