import Encodings

/// The evidence of custody: the attributes of each key in the token, the operations that the token refuses, and the agreement
/// of store, roots and audit log.
package struct CustodyReport: CustodyDocument, Hashable {
    package static let title = "hsm-kms custody report"

    /// A root epoch.
    package struct Root: Codable, Hashable, Sendable {
        package let epoch: UInt32
        package let isLatest: Bool
        package let isInToken: Bool
        package let checkValue: String?
        package let madeAt: String?
        package let closedAt: String?
        package let destroyedAt: String?
        /// The number of keys wrapped under it.
        package let wrappedKeys: Int
        package let sealedRecords: Int
    }

    /// The attributes and refused operations shared by many versions. Most versions are alike, so each combination is listed
    /// once.
    package struct Profile: Codable, Hashable, Sendable {
        /// The number by which versions refer to it.
        package let number: Int
        package let algorithm: String
        package let usage: String
        package let attributes: [String: String]
        package let allowedMechanisms: [String]
        package let trials: [KeyExamination.Trial]
        package let findings: [String]
    }

    package struct Version: Codable, Hashable, Sendable {
        package let version: UInt32
        package let state: String
        package let createdAt: String
        /// The epoch of the roots that wrap it; `nil` if it is destroyed.
        package let epoch: UInt32?
        package let mechanism: String?
        /// SHA-256 of the wrapped key; for a destroyed version, of the one that was erased. Hexadecimal.
        package let blobSHA256: String
        /// A value computed in the token with the key over a fixed text; `nil` where none can be computed.
        package let checkValue: String?
        /// The number of its profile; `nil` if it is destroyed.
        package let profile: Int?
    }

    package struct Key: Codable, Hashable, Sendable {
        package let id: String
        package let name: String
        package let project: String
        package let algorithm: String
        package let usage: String
        package let origin: String
        package let state: String
        package let owner: String?
        package let versions: [Version]
    }

    package let document: String
    package let format: Int
    package let madeAt: String
    package let madeFor: String
    package let token: TokenFacts
    package let roots: [Root]
    /// The root keys and the audit key.
    package let rootKeys: [KeyExamination]
    package let profiles: [Profile]
    package let keys: [Key]
    package let versionsExamined: Int
    /// The last signed checkpoints of the audit log, the oldest first, as they stand in the log.
    package let checkpoints: [String]
    /// The defects that were found; empty if there are none.
    package let findings: [String]
    /// The statements about what attributes and trials prove, and what they do not.
    package let statements: [String]
    package let auditKeySHA256: String

    init(
        madeAt: Timestamp, madeFor: String, token: TokenFacts, roots: [Root], rootKeys: [KeyExamination],
        gathered: Gathered, checkpoints: [String], auditKey: PublicKeyInfo
    ) {
        document = Self.title
        format = Self.format
        self.madeAt = madeAt.description
        self.madeFor = madeFor
        self.token = token
        self.roots = roots
        self.rootKeys = rootKeys
        profiles = gathered.profiles
        keys = gathered.keys
        versionsExamined = gathered.examined
        self.checkpoints = checkpoints
        findings =
            rootKeys.flatMap(\.problems) + gathered.profiles.flatMap(\.problems) + gathered.findings
            + roots.filter { $0.isInToken && $0.destroyedAt != nil }.map {
                "root epoch \($0.epoch) was destroyed, and is in the token again"
            }
        statements = Self.statements
        auditKeySHA256 = auditKey.fingerprint
    }

    private static let statements = [
        "Attributes are the token's own statements. LOCAL, ALWAYS_SENSITIVE and NEVER_EXTRACTABLE of a root key state that the key was "
            + "generated in this token and could never leave it through PKCS #11. They are as trustworthy as the token. SoftHSM is "
            + "software: anyone who can read its folder and knows the PIN has its keys.",
        "The attempts were made on the keys themselves when the report was made. A refusal proves that this function refused this "
            + "operation at that time. It does not prove that there is no other way.",
        "A version key is generated in the token as extractable, until the root key has wrapped it. For each use it is unwrapped as not "
            + "extractable. LOCAL, ALWAYS_SENSITIVE and NEVER_EXTRACTABLE are therefore false for versions: PKCS #11 v2.40 requires that "
            + "for unwrapped keys. That wrapped keys have left the token only under a root key is the service's statement; its source "
            + "code shows it.",
        "The service does not know of backups of the token by its vendor's means, nor of copies of its folder.",
        "The report contains no attestation by the token's vendor. If the vendor offers one (Luna: Public Key Confirmations; nShield: "
            + "Security World module certificates; CloudHSM and Marvell: attested key attributes; YubiHSM 2: attestation certificates), "
            + "make it for the audit key, kms-audit-1, and keep it with the report: it ties the signature to a device.",
        "The audit key, whose attributes are shown, signed the report. To trust the report, obtain that key independently: from the "
            + "ceremony in which it was made, or from an earlier report.",
    ]
}

extension CustodyReport {
    /// The data gathered while reading the store.
    struct Gathered {
        private(set) var profiles: [Profile] = []
        private(set) var keys: [Key] = []
        private(set) var examined = 0
        private(set) var findings: [String] = []
        private var numbers: [Profile: Int] = [:]

        mutating func add(_ key: KeyRecord, versions: [(VersionRecord, KeyExamination?)]) {
            keys.append(
                Key(
                    id: key.id.description, name: key.name.text, project: key.project.text,
                    algorithm: key.algorithm.rawValue, usage: key.usage.rawValue, origin: key.origin.rawValue,
                    state: key.state.rawValue, owner: key.owner?.text,
                    versions: versions.map { add($0, $1, of: key) }))
        }

        mutating func note(_ finding: String) { findings.append(finding) }

        private mutating func add(
            _ version: VersionRecord, _ examination: KeyExamination?, of key: KeyRecord
        ) -> Version {
            if examination != nil { examined += 1 }
            let wrapped = version.life.wrapped
            var digest = wrapped?.digest ?? []
            if case .destroyed(let blobDigest) = version.life { digest = blobDigest }
            return Version(
                version: version.id.number.value, state: version.state.rawValue,
                createdAt: version.createdAt.description, epoch: wrapped?.epoch.number,
                mechanism: wrapped?.mechanism.rawValue, blobSHA256: Hexadecimal.text(digest),
                checkValue: examination?.checkValue, profile: examination.map { number(of: $0, key) })
        }

        private mutating func number(of examination: KeyExamination, _ key: KeyRecord) -> Int {
            func profile(_ number: Int) -> Profile {
                Profile(
                    number: number, algorithm: key.algorithm.rawValue, usage: key.usage.rawValue,
                    attributes: examination.attributes, allowedMechanisms: examination.allowedMechanisms,
                    trials: examination.trials, findings: examination.findings)
            }
            if let known = numbers[profile(0)] { return known }
            let number = profiles.count + 1
            numbers[profile(0)] = number
            profiles.append(profile(number))
            return number
        }
    }
}

extension KeyExamination {
    /// The defects as sentences, with the key's name.
    fileprivate var problems: [String] {
        findings.map { "\(key): \($0)" }
            + trials.filter { !$0.isRefused }.map { "\(key): the token does not refuse to \($0.attempt)" }
    }
}

extension CustodyReport.Profile {
    fileprivate var problems: [String] {
        findings.map { "profile \(number): \($0)" }
            + trials.filter { !$0.isRefused }.map { "profile \(number): the token does not refuse to \($0.attempt)" }
    }
}
