internal import Encodings

/// The identifier of a credential: the first 16 hexadecimal digits of its hash.
package struct CredentialID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package static let length = 16

    /// Reads an identifier; `nil` unless the text is 16 lower-case hexadecimal digits.
    package init?(_ text: String) {
        guard text.utf8.count == Self.length, text.utf8.allSatisfy({ Hexadecimal.digits.contains($0) }) else {
            return nil
        }
        self.text = text
    }

    init(_ hash: CredentialHash) {
        text = String(Hexadecimal.text(hash.bytes).prefix(Self.length))
    }

    package var description: String { text }
}

/// A bearer token that was issued. It states its subject, its project, its networks and its expiry.
///
/// It is sealed, because otherwise write access to the database would be enough to become a Manager.
package struct CredentialRecord: DirectoryRecord {
    package let hash: CredentialHash
    package let subject: SubjectID
    /// The only project that it is valid for; `nil` for all projects of its subject.
    package let project: ProjectID?
    /// The expiry; `nil` for one that does not expire.
    package let expiresAt: Timestamp?
    /// The networks from which it may be used; empty for all.
    package let networks: [Network]
    package var revokedAt: Timestamp?
    package var revision: UInt64
    package let createdAt: Timestamp

    package static let maxNetworks = 32

    package static let kind = DirectoryKind.credential
    package var key: String { Hexadecimal.text(hash.bytes) }
    package var parent: String { subject.text }
    package var id: CredentialID { CredentialID(hash) }

    package init(
        hash: CredentialHash, subject: SubjectID, project: ProjectID?, expiresAt: Timestamp?, networks: [Network] = [],
        at now: Timestamp
    ) {
        self.hash = hash
        self.subject = subject
        self.project = project
        self.expiresAt = expiresAt
        self.networks = networks
        revision = 1
        createdAt = now
    }

    package var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.domain)
        encoding.append(1, hash.bytes)
        encoding.append(2, subject.text)
        if let project { encoding.append(3, project.text) }
        if let expiresAt { encoding.append(4, expiresAt.milliseconds) }
        for network in networks { encoding.append(5, network.description) }
        if let revokedAt { encoding.append(6, revokedAt.milliseconds) }
        encoding.append(7, revision)
        encoding.append(8, createdAt.milliseconds)
        return encoding.bytes
    }

    package init?(canonical bytes: [UInt8]) {
        guard let reader = CanonicalReader(bytes, domain: Self.domain), let hash = reader.bytes(1), hash.count == 32,
            let subject = reader.text(2).flatMap({ try? SubjectID($0) }), let texts = reader.texts(5),
            let revision: UInt64 = reader.number(7), let createdAt = reader.time(8)
        else { return nil }
        self.hash = CredentialHash(bytes: hash)
        self.subject = subject
        if let text = reader.text(3) {
            guard let project = try? ProjectID(text) else { return nil }
            self.project = project
        } else {
            project = nil
        }
        expiresAt = reader.time(4)
        networks = texts.compactMap { try? Network($0) }
        guard networks.count == texts.count else { return nil }
        revokedAt = reader.time(6)
        self.revision = revision
        self.createdAt = createdAt
    }

    private static let domain = "hsm-kms/seal/credential/2"
}
