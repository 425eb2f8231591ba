// The answers of the API, as the commands show and hand them on. What the API may add later is ignored.

struct KeyAnswer: Codable {
    let id: String
    let name: String
    let description: String
    let project: String
    let algorithm: String
    let usage: String
    let origin: String
    let state: String
    let enabled: Bool
    let defaultVersion: UInt32?
    let versionCount: UInt32
    let createdAt: String
    let changedAt: String
    let revision: UInt64
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
