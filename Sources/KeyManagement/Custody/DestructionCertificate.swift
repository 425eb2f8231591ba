internal import Crypto
import Encodings

/// A certificate that the roots of an epoch were destroyed in the token. It lists every wrapped key that can no longer be
/// unwrapped.
package struct DestructionCertificate: CustodyDocument, Hashable {
    package static let title = "hsm-kms certificate of destruction"

    package struct Root: Codable, Hashable, Sendable {
        package let epoch: UInt32
        package let label: [String]
        /// A value that only this epoch's integrity key could make, hexadecimal.
        package let checkValue: String
        package let madeAt: String
        /// The time since when the store accepts no record under it.
        package let closedAt: String
        /// The time at which the token had destroyed it.
        package let destroyedAt: String
    }

    /// A wrapped key that was once stored.
    package struct Blob: Codable, Hashable, Sendable {
        /// SHA-256 of the wrapped key as it was stored, hexadecimal.
        package let sha256: String
        package let key: String?
        package let version: UInt32?
        package let importJob: String?
        package let accessKey: String?

        init(_ blob: WrappedBlob) {
            sha256 = Hexadecimal.text(blob.digest)
            switch blob.owner {
            case .version(let id):
                (key, version, importJob, accessKey) = (id.key.description, id.number.value, nil, nil)
            case .importJob(let id): (key, version, importJob, accessKey) = (nil, nil, id.description, nil)
            case .accessKey(let id): (key, version, importJob, accessKey) = (nil, nil, nil, id.text)
            }
        }
    }

    package let document: String
    package let format: Int
    package let issuedAt: String
    package let token: TokenFacts
    package let destroyed: Root
    /// The epoch that all records have been under since.
    package let latestEpoch: UInt32
    /// The epochs that the token has.
    package let epochsInToken: [UInt32]
    /// The wrapped keys, in the order of their digests. Copies in backups and logs are as unreadable as those that the store
    /// has overwritten.
    package let unreadable: [Blob]
    /// SHA-256 over the concatenated digests, hexadecimal.
    package let unreadableSHA256: String
    /// The statements about what the certificate proves, and what it does not.
    package let statements: [String]
    /// The last signed checkpoint of the audit log at the time of issue; `nil` if there was none.
    package let checkpoint: String?
    package let auditKeySHA256: String

    init(
        of root: RootRecord, closedAt: Timestamp, destroyedAt: Timestamp, token: TokenFacts, identity: TokenIdentity,
        blobs: [WrappedBlob], checkpoint: String?, auditKey: PublicKeyInfo, at now: Timestamp
    ) {
        document = Self.title
        format = Self.format
        issuedAt = now.description
        self.token = token
        destroyed = Root(
            epoch: root.epoch.number, label: ["kms-root-wrap-\(root.epoch)", "kms-root-mac-\(root.epoch)"],
            checkValue: Hexadecimal.text(root.checkValue), madeAt: root.madeAt.description,
            closedAt: closedAt.description, destroyedAt: destroyedAt.description)
        latestEpoch = identity.epoch.number
        epochsInToken = identity.checkValues.keys.sorted().map(\.number)
        unreadable = blobs.map { Blob($0) }
        unreadableSHA256 = Self.digest(of: blobs.map(\.digest))
        statements = Self.statements
        self.checkpoint = checkpoint
        auditKeySHA256 = auditKey.fingerprint
    }

    /// True if the list of wrapped keys has the digest that the certificate states.
    package var isListWhole: Bool {
        let digests = unreadable.compactMap { Hexadecimal.bytes($0.sha256) }
        return digests.count == unreadable.count && Self.digest(of: digests) == unreadableSHA256
    }

    /// Returns SHA-256 over the concatenated digests, hexadecimal.
    static func digest(of digests: [[UInt8]]) -> String {
        var hash = SHA256()
        for digest in digests { hash.update(data: digest) }
        return Hexadecimal.text(Array(hash.finalize()))
    }

    private static let statements = [
        "The service had the token destroy both root keys of this epoch (C_DestroyObject). It then searched the token for them and found "
            + "neither.",
        "They were made in this token as not extractable, so the service knows of no copy. It does not know of copies made by the "
            + "vendor's own means, such as a backup of the token, a cloned partition or a copy of SoftHSM's folder. Anyone who has such a "
            + "copy has the root keys.",
        "Every wrapped key listed was encrypted under the wrapping key of this epoch. Versions still in use were wrapped again under a "
            + "later epoch before the destruction, and remain readable there. Destroyed versions are not readable anywhere.",
        "Ciphertexts made with a version, data keys that were issued in plaintext, and public keys are not affected.",
    ]
}
