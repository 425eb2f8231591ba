/// The identity of an import job: 16 random bytes, shown as a UUID.
package struct ImportJobID: Hashable, Sendable, CustomStringConvertible {
    private let id: KeyID

    package init() { id = KeyID() }

    package init?(bytes: [UInt8]) {
        guard let id = KeyID(bytes: bytes) else { return nil }
        self.id = id
    }

    /// Reads a UUID.
    package init?(_ text: String) {
        guard let id = KeyID(text) else { return nil }
        self.id = id
    }

    package var bytes: [UInt8] { id.bytes }
    package var description: String { id.description }
}

/// The wrapping method of imported material. The names are those of AWS KMS.
package enum ImportMethod: String, Sendable, CaseIterable {
    /// The material itself under RSA-OAEP (RFC 8017 §7.1), for AES and HMAC secrets.
    case oaepSHA1 = "RSAES_OAEP_SHA_1"
    case oaepSHA256 = "RSAES_OAEP_SHA_256"
    /// An AES-256 key under RSA-OAEP, followed by the material under that key by AES-KWP (RFC 5649). Private keys are PKCS #8.
    ///
    /// The mechanism is `CKM_RSA_AES_KEY_WRAP` (PKCS #11 v2.40 §2.1.20).
    case oaepSHA1AESKWP = "RSA_AES_KEY_WRAP_SHA_1"
    case oaepSHA256AESKWP = "RSA_AES_KEY_WRAP_SHA_256"

    /// The hash function of OAEP.
    package var hash: HashAlgorithm {
        switch self {
        case .oaepSHA1, .oaepSHA1AESKWP: .sha1
        case .oaepSHA256, .oaepSHA256AESKWP: .sha256
        }
    }

    /// True if the material is wrapped under an AES key, and that under RSA.
    package var hasTwoSteps: Bool {
        switch self {
        case .oaepSHA1, .oaepSHA256: false
        case .oaepSHA1AESKWP, .oaepSHA256AESKWP: true
        }
    }
}

/// A temporary key pair of the token, under whose public key material is imported. Its private key is generated in the token
/// and kept wrapped, as version keys are.
package struct ImportJob: Hashable, Sendable, Sealable {
    package let id: ImportJobID
    package let project: ProjectID
    package let subject: SubjectID
    /// The algorithm of the pair: ``KeyAlgorithm/rsa2048``, ``KeyAlgorithm/rsa3072`` or ``KeyAlgorithm/rsa4096``.
    package let wrappingAlgorithm: KeyAlgorithm
    package let method: ImportMethod
    package let publicKey: PublicKeyInfo
    package let wrapped: WrappedKey
    package let createdAt: Timestamp
    package let expiresAt: Timestamp

    package init(
        id: ImportJobID, project: ProjectID, subject: SubjectID, wrappingAlgorithm: KeyAlgorithm, method: ImportMethod,
        publicKey: PublicKeyInfo, wrapped: WrappedKey, createdAt: Timestamp, expiresAt: Timestamp
    ) {
        self.id = id
        self.project = project
        self.subject = subject
        self.wrappingAlgorithm = wrappingAlgorithm
        self.method = method
        self.publicKey = publicKey
        self.wrapped = wrapped
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    package var sealedName: String { "import job \(id)" }

    /// The domain of the canonical form.
    static let sealDomain = "hsm-kms/seal/import-job/1"

    package var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.sealDomain)
        encoding.append(1, id.bytes)
        encoding.append(2, project.text)
        encoding.append(3, subject.text)
        encoding.append(4, wrappingAlgorithm.rawValue)
        encoding.append(5, method.rawValue)
        encoding.append(6, publicKey.der)
        encoding.append(7, wrapped.epoch.number)
        encoding.append(8, wrapped.mechanism.rawValue)
        encoding.append(9, wrapped.blob)
        encoding.append(10, createdAt.milliseconds)
        encoding.append(11, expiresAt.milliseconds)
        return encoding.bytes
    }
}
