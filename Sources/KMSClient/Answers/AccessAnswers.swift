/// The caller, as the service knows them.
public struct WhoAmIAnswer: Codable, Sendable {
    public let subject: String
    public let kind: String
    public let service: String?
    public let administrator: Bool
    public let project: String?
    public let role: String?
    public let roles: [String: String]
    public let groups: [String]
    public let authentication: String?
    public let source: String?
}

/// The access control of a key.
public struct KeyAccessAnswer: Codable, Sendable {
    public let keyId: String
    public let owner: String?
    public let accessControl: Bool
    public let subjects: [String]
    public let groups: [String]
    public let dryRun: Bool?
    /// The effects that a dry run predicts; `nil` otherwise.
    public let impact: ImpactAnswer.Impact?
    public let warning: String?
}

/// The decision about an operation, with its reason.
public struct ExplanationAnswer: Codable, Sendable {
    public let allowed: Bool
    public let reason: String
    public let subject: String
    public let verb: String
    public let project: String
    public let keyId: String?
    public let role: String?
    public let groups: [String]
    public let hidden: Bool
}
