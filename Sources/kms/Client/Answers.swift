import KeyManagement

// The answers of the API, as the commands show them and pass them on. Fields that the API may add later are ignored.

struct KeyAnswer: Codable {
    let id: String
    let name: String
    let description: String
    let tags: TextPairs?
    let project: String
    let algorithm: String
    let usage: String
    let origin: String
    let kind: String?
    let service: String?
    let owner: String?
    let accessControl: Bool?
    let state: String
    let enabled: Bool
    let deletionDueAt: String?
    let materialExpiresAt: String?
    let defaultVersion: UInt32?
    let versionCount: UInt32
    let rotationDays: Int?
    let nextRotationAt: String?
    let lastRotatedAt: String?
    let createdAt: String
    let changedAt: String
    let revision: UInt64
    let reason: String?
    let comment: String?
    /// The version that the change concerned.
    let version: VersionAnswer?
}

struct KeyPageAnswer: Codable {
    let keys: [KeyAnswer]
    let next: String?
}

struct VersionAnswer: Codable {
    let number: UInt32
    let state: String
    let createdAt: String
    let changedAt: String
    let reason: String?
    let comment: String?
    let destroyAt: String?
    let materialExpiresAt: String?
    let blobDigest: String?
    let checkValue: String?
}

struct VersionPageAnswer: Codable {
    let versions: [VersionAnswer]
    let next: String?
}

struct DataKeyAnswer: Codable {
    let keyId: String
    let version: UInt32
    let plaintext: String?
    let ciphertext: String
    let ciphertextText: String
}

struct EncryptAnswer: Codable {
    let keyId: String
    let version: UInt32
    let ciphertext: String
    let ciphertextText: String
}

struct DecryptAnswer: Codable {
    let keyId: String
    let version: UInt32
    let plaintext: String
}

/// The result of a change: the changed key, or the impact that a dry run predicts.
enum ChangeAnswer: Decodable {
    case changed(KeyAnswer)
    case planned(ImpactAnswer)

    private enum CodingKeys: CodingKey {
        case dryRun
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if try container.decodeIfPresent(Bool.self, forKey: .dryRun) == true {
            self = .planned(try ImpactAnswer(from: decoder))
        } else {
            self = .changed(try KeyAnswer(from: decoder))
        }
    }
}

struct ImpactAnswer: Codable {
    struct Version: Codable {
        let number: UInt32
        let before: String
        let after: String
        let stops: [String]
        let usage: UsageAnswer
    }

    let dryRun: Bool
    let key: KeyAnswer
    let versions: [Version]
}

struct UsageAnswer: Codable {
    let days: Int
    let produced: UInt64
    let consumed: UInt64
    let lastUsedAt: String?
}

struct DataKeyPairAnswer: Codable {
    let keyId: String
    let version: UInt32
    let publicKey: String
    let privateKey: String?
    let ciphertext: String
    let ciphertextText: String
}

struct ReEncryptAnswer: Codable {
    let sourceKeyId: String
    let sourceVersion: UInt32
    let keyId: String
    let version: UInt32
    let ciphertext: String
    let ciphertextText: String
}

struct RandomAnswer: Codable {
    let plaintext: String
}

struct SignAnswer: Codable {
    let keyId: String
    let version: UInt32
    let algorithm: String
    let signature: String
}

struct VerifyAnswer: Codable {
    let keyId: String
    let version: UInt32
    let valid: Bool
}

struct MACAnswer: Codable {
    let keyId: String
    let version: UInt32
    let hmac: String
}

struct AgreedSecretAnswer: Codable {
    let keyId: String
    let version: UInt32
    let secret: String
}

struct PublicKeyAnswer: Codable {
    let keyId: String
    let version: UInt32
    let algorithm: String
    let usage: String
    let der: String
    let pem: String
    let jwk: [String: String]
}

struct AliasAnswer: Codable {
    let alias: String
    let keyId: String
    let changedAt: String
}

struct AliasPageAnswer: Codable {
    let aliases: [AliasAnswer]
    let next: String?
}

struct ImportJobAnswer: Codable {
    let id: String
    let wrappingAlgorithm: String
    let method: String
    let publicKey: String
    let createdAt: String
    let expiresAt: String
}
