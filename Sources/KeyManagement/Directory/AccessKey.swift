/// The identifier of an access key, as AWS clients know it: `AKIA` and 16 of `A–Z 2–7`.
package struct AccessKeyID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package static let length = 20
    private static let prefix = "AKIA"
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// Reads an identifier; `nil` if the text is not one.
    package init?(_ text: String) {
        self.init(text.utf8)
    }

    /// Reads an identifier; `nil` if the characters are not one.
    package init?(_ text: some Collection<UInt8>) {
        let text = String(decoding: text, as: UTF8.self)
        guard text.utf8.count == Self.length, text.utf8.starts(with: Self.prefix.utf8),
            text.utf8.dropFirst(Self.prefix.utf8.count).allSatisfy({ Self.alphabet.contains($0) })
        else { return nil }
        self.text = text
    }

    /// Creates an identifier from its 16 variable characters, as in ``bytes``.
    package init?(bytes: [UInt8]) {
        self.init(Array(Self.prefix.utf8) + bytes)
    }

    /// Returns a new identifier of 80 random bits, which is unique for all practical purposes.
    static func random() -> AccessKeyID {
        var text = prefix
        for _ in prefix.utf8.count..<length {
            text.unicodeScalars.append(Unicode.Scalar(alphabet[Int.random(in: alphabet.indices)]))
        }
        return AccessKeyID(known: text)
    }

    private init(known text: String) { self.text = text }

    /// The 16 characters after `AKIA`.
    package var bytes: [UInt8] { Array(text.utf8.dropFirst(Self.prefix.utf8.count)) }

    package var description: String { text }
}

/// An access key, with whose secret AWS clients sign requests. It states its subject, its account, its networks and its expiry.
///
/// The store has the secret only as the token wrapped it: `AWS4` and the secret, which is the first key of Signature Version 4.
/// So the contents of the store can sign nothing.
package struct AccessKeyRecord: DirectoryRecord {
    package let id: AccessKeyID
    package let subject: SubjectID
    /// The account in whose projects it is valid.
    package let account: AccountNumber
    package var status: DirectoryStatus
    /// The expiry; `nil` for one that does not expire.
    package let expiresAt: Timestamp?
    /// The networks from which it may be used; empty for all.
    package let networks: [Network]
    /// The name under which the token caches the unwrapped secret.
    package let handle: KeyID
    /// The wrapped secret; `nil` for a deleted access key, with which nothing can be signed.
    package var wrapped: WrappedKey?
    package var revision: UInt64
    package let createdAt: Timestamp
    package var changedAt: Timestamp

    package static let kind = DirectoryKind.accessKey
    package var key: String { id.text }
    package var parent: String { subject.text }

    package init(
        id: AccessKeyID, subject: SubjectID, account: AccountNumber, expiresAt: Timestamp?, networks: [Network] = [],
        handle: KeyID, wrapped: WrappedKey, at now: Timestamp
    ) {
        self.id = id
        self.subject = subject
        self.account = account
        status = .enabled
        self.expiresAt = expiresAt
        self.networks = networks
        self.handle = handle
        self.wrapped = wrapped
        revision = 1
        createdAt = now
        changedAt = now
    }

    package var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.domain)
        encoding.append(1, id.text)
        encoding.append(2, subject.text)
        encoding.append(3, account.text)
        encoding.append(4, status.rawValue)
        if let expiresAt { encoding.append(5, expiresAt.milliseconds) }
        for network in networks { encoding.append(6, network.description) }
        encoding.append(7, handle.bytes)
        if let wrapped {
            encoding.append(8, wrapped.epoch.number)
            encoding.append(9, wrapped.mechanism.rawValue)
            encoding.append(10, wrapped.blob)
        }
        encoding.append(11, revision)
        encoding.append(12, createdAt.milliseconds)
        encoding.append(13, changedAt.milliseconds)
        return encoding.bytes
    }

    package init?(canonical bytes: [UInt8]) {
        guard let reader = CanonicalReader(bytes, domain: Self.domain),
            let id = reader.text(1).flatMap({ AccessKeyID($0) }),
            let subject = reader.text(2).flatMap({ try? SubjectID($0) }),
            let account = reader.text(3).flatMap({ try? AccountNumber($0) }),
            let status = reader.text(4).flatMap({ DirectoryStatus(rawValue: $0) }), let texts = reader.texts(6),
            let handle = reader.bytes(7).flatMap({ KeyID(bytes: $0) }), let revision: UInt64 = reader.number(11),
            let createdAt = reader.time(12), let changedAt = reader.time(13)
        else { return nil }
        self.id = id
        self.subject = subject
        self.account = account
        self.status = status
        expiresAt = reader.time(5)
        networks = texts.compactMap { try? Network($0) }
        self.handle = handle
        wrapped = Self.wrapped(reader)
        self.revision = revision
        self.createdAt = createdAt
        self.changedAt = changedAt
        guard networks.count == texts.count, (wrapped == nil) == (status == .deleted) else { return nil }
    }

    private static func wrapped(_ reader: CanonicalReader) -> WrappedKey? {
        guard let epoch = reader.number(8, as: UInt32.self).flatMap({ RootEpoch($0) }),
            let mechanism = reader.text(9).flatMap({ WrapMechanism(rawValue: $0) }), let blob = reader.bytes(10)
        else { return nil }
        return WrappedKey(mechanism: mechanism, epoch: epoch, blob: blob)
    }

    private static let domain = "hsm-kms/seal/access-key/1"
}

extension AccessKeyRecord {
    /// The secret as a key for the token; `nil` if it was deleted.
    var signingKey: VersionKey? {
        wrapped.map { VersionKey(id: keptAs, algorithm: .hmacSHA256, usage: .generateVerifyMAC, wrapped: $0) }
    }

    /// The name under which the token caches it.
    var keptAs: VersionID { VersionID(key: handle, number: .first) }

    /// Returns true if the key is valid now, for a request from an address.
    func isGood(at now: Timestamp, from source: String?) -> Bool {
        guard status == .enabled, expiresAt.map({ now < $0 }) ?? true else { return false }
        return networks.admit(source)
    }
}
