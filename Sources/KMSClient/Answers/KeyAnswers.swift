// The answers about keys. Times are RFC 3339 in UTC. Members that later versions of the API add are ignored.

/// A key.
public struct KeyAnswer: Codable, Sendable {
    public let id: String
    public let name: String
    public let description: String
    public let tags: NameValuePairs?
    public let project: String
    public let algorithm: String
    public let usage: String
    public let origin: String
    public let kind: String?
    public let service: String?
    public let owner: String?
    public let accessControl: Bool?
    public let state: String
    public let enabled: Bool
    public let deletionDueAt: String?
    public let materialExpiresAt: String?
    public let defaultVersion: UInt32?
    public let versionCount: UInt32
    public let rotationDays: Int?
    public let nextRotationAt: String?
    public let lastRotatedAt: String?
    public let createdAt: String
    public let changedAt: String
    public let revision: UInt64
    public let reason: String?
    public let comment: String?
    /// The version that the change concerned.
    public let version: VersionAnswer?
    /// The default version before the change; `nil` if the change did not replace it.
    public let previousVersion: UInt32?
}

/// A page of keys.
public struct KeyPageAnswer: Codable, Sendable {
    public let keys: [KeyAnswer]
    public let next: String?
}

/// A version of a key.
public struct VersionAnswer: Codable, Sendable {
    public let number: UInt32
    public let state: String
    public let createdAt: String
    public let changedAt: String
    public let reason: String?
    public let comment: String?
    public let destroyAt: String?
    public let materialExpiresAt: String?
    public let blobDigest: String?
    public let checkValue: String?
}

/// A page of versions.
public struct VersionPageAnswer: Codable, Sendable {
    public let versions: [VersionAnswer]
    public let next: String?
}

/// The use of a version.
public struct UsageAnswer: Codable, Sendable {
    public let days: Int
    public let produced: UInt64
    public let consumed: UInt64
    public let lastUsedAt: String?
}

/// The uses of a key in the last 90 days by subject and verb: the latest first, and at most 1,000.
public struct KeyUsageAnswer: Codable, Sendable {
    /// The uses by one subject with one verb.
    public struct Use: Codable, Sendable {
        public let subject: String
        public let verb: String
        public let count: UInt64
        public let lastUsedAt: String
    }

    public let uses: [Use]
}

/// The public key of a version.
public struct PublicKeyAnswer: Codable, Sendable {
    public let keyId: String
    public let version: UInt32
    public let algorithm: String
    public let usage: String
    /// SubjectPublicKeyInfo in DER.
    public let der: Base64Bytes
    public let pem: String
    public let jwk: [String: String]
}

/// An alias of a key.
public struct AliasAnswer: Codable, Sendable {
    public let alias: String
    public let keyId: String
    public let changedAt: String
}

/// A page of aliases.
public struct AliasPageAnswer: Codable, Sendable {
    public let aliases: [AliasAnswer]
    public let next: String?
}

/// An import job: a key pair of the token under which material is imported.
public struct ImportJobAnswer: Codable, Sendable {
    public let id: String
    public let wrappingAlgorithm: String
    public let method: String
    /// SubjectPublicKeyInfo in DER.
    public let publicKey: Base64Bytes
    public let createdAt: String
    public let expiresAt: String
}
