// The answers about the directory: projects, subjects, groups, roles and credentials.

/// A project.
public struct ProjectAnswer: Codable, Sendable {
    public let name: String
    public let description: String
    /// The account that AWS clients see for the project; nil if none is set.
    public let account: String?
    public let region: String?
    public let createdAt: String
    public let changedAt: String
    public let revision: UInt64
}

/// A page of projects.
public struct ProjectPageAnswer: Codable, Sendable {
    public let projects: [ProjectAnswer]
    public let next: String?
}

/// A subject: a user, a service account or a service agent.
public struct SubjectAnswer: Codable, Sendable {
    public let name: String
    public let kind: String
    public let service: String?
    public let description: String
    public let enabled: Bool
    public let administrator: Bool
    public let groups: [String]
    public let roles: [String: String]
    public let createdAt: String
    public let changedAt: String
    public let revision: UInt64
}

/// A page of subjects.
public struct SubjectPageAnswer: Codable, Sendable {
    public let subjects: [SubjectAnswer]
    public let next: String?
}

/// A page of members of a group.
public struct MemberPageAnswer: Codable, Sendable {
    public let members: [SubjectAnswer]
    public let next: String?
}

/// A group of subjects.
public struct GroupAnswer: Codable, Sendable {
    public let name: String
    public let description: String
    public let roles: [String: String]
    public let createdAt: String
    public let changedAt: String
    public let revision: UInt64
}

/// A page of groups.
public struct GroupPageAnswer: Codable, Sendable {
    public let groups: [GroupAnswer]
    public let next: String?
}

/// The roles in a project.
public struct RolesAnswer: Codable, Sendable {
    public struct Assignment: Codable, Sendable {
        public let subject: String?
        public let group: String?
        public let role: String
    }

    public let roles: [Assignment]
}

/// A bearer token of a subject.
public struct CredentialAnswer: Codable, Sendable {
    public let id: String
    public let subject: String
    public let project: String?
    public let networks: [String]
    public let createdAt: String
    public let expiresAt: String?
    public let revokedAt: String?
    public let lastUsedAt: String?
    /// The token of a new credential only.
    public var token: String?
}

/// A page of credentials.
public struct CredentialPageAnswer: Codable, Sendable {
    public let credentials: [CredentialAnswer]
    public let next: String?
}

/// An access key of a subject, for AWS clients.
public struct AccessKeyAnswer: Codable, Sendable {
    public let id: String
    public let subject: String
    public let account: String
    public let status: String
    public let networks: [String]
    public let createdAt: String
    public let expiresAt: String?
    /// The secret of a new access key only.
    public let secret: String?
    public let region: String?
}

/// A page of access keys.
public struct AccessKeyPageAnswer: Codable, Sendable {
    public let accessKeys: [AccessKeyAnswer]
    public let next: String?
}
