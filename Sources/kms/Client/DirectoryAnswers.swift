// The API's answers about the directory, as the commands show them and pass them on.

struct ProjectAnswer: Codable {
    let name: String
    let description: String
    /// The account that AWS clients see for the project; nil if none is set.
    let account: String?
    let region: String?
    let createdAt: String
    let changedAt: String
    let revision: UInt64
}

struct ProjectPageAnswer: Codable {
    let projects: [ProjectAnswer]
    let next: String?
}

struct SubjectAnswer: Codable {
    let name: String
    let kind: String
    let service: String?
    let description: String
    let enabled: Bool
    let administrator: Bool
    let groups: [String]
    let roles: [String: String]
    let createdAt: String
    let changedAt: String
    let revision: UInt64
}

struct SubjectPageAnswer: Codable {
    let subjects: [SubjectAnswer]
    let next: String?
}

struct MemberPageAnswer: Codable {
    let members: [SubjectAnswer]
    let next: String?
}

struct GroupAnswer: Codable {
    let name: String
    let description: String
    let roles: [String: String]
    let createdAt: String
    let changedAt: String
    let revision: UInt64
}

struct GroupPageAnswer: Codable {
    let groups: [GroupAnswer]
    let next: String?
}

struct RolesAnswer: Codable {
    struct Assignment: Codable {
        let subject: String?
        let group: String?
        let role: String
    }

    let roles: [Assignment]
}

struct CredentialAnswer: Codable {
    let id: String
    let subject: String
    let project: String?
    let networks: [String]
    let createdAt: String
    let expiresAt: String?
    let revokedAt: String?
    let lastUsedAt: String?
    /// The token of a new credential only.
    let token: String?
}

struct CredentialPageAnswer: Codable {
    let credentials: [CredentialAnswer]
    let next: String?
}

struct AccessKeyAnswer: Codable {
    let id: String
    let subject: String
    let account: String
    let status: String
    let networks: [String]
    let createdAt: String
    let expiresAt: String?
    /// The secret of a new access key only.
    let secret: String?
    let region: String?
}

struct AccessKeyPageAnswer: Codable {
    let accessKeys: [AccessKeyAnswer]
    let next: String?
}

struct WhoAmIAnswer: Codable {
    let subject: String
    let kind: String
    let service: String?
    let administrator: Bool
    let project: String?
    let role: String?
    let roles: [String: String]
    let groups: [String]
    let authentication: String?
    let source: String?
}

struct KeyAccessAnswer: Codable {
    let keyId: String
    let owner: String?
    let accessControl: Bool
    let subjects: [String]
    let groups: [String]
    let dryRun: Bool?
    let warning: String?
}

struct ExplanationAnswer: Codable {
    let allowed: Bool
    let reason: String
    let subject: String
    let verb: String
    let project: String
    let keyId: String?
    let role: String?
    let groups: [String]
    let hidden: Bool
}

extension [String: String] {
    /// The roles as `project=role, …`, sorted.
    var rolesText: String {
        isEmpty ? "none" : sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    }
}
