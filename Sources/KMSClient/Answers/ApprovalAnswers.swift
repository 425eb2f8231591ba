/// A request for the approval of an operation.
public struct ApprovalAnswer: Codable, Sendable {
    public struct Decision: Codable, Sendable {
        public let subject: String
        public let at: String
        public let authentication: String?
        public let scope: String?
    }

    public let id: String
    public let operation: String
    public let project: String?
    public let parameters: [String: String]
    public let requester: String
    public let requestedAt: String
    public let expiresAt: String
    public let required: UInt32
    public let approvals: [Decision]
    public let rejection: Decision?
    public let usedAt: String?
    public let status: String
}

/// A page of requests for approval.
public struct ApprovalPageAnswer: Codable, Sendable {
    public let approvals: [ApprovalAnswer]
    public let next: String?
}

/// The approvals that an operation needs.
public struct ApprovalPolicyAnswer: Codable, Sendable {
    public let operation: String
    public let required: UInt32
    public let approvers: [String]
    public let hours: UInt32
    public let changedAt: String
}

/// All approval policies.
public struct ApprovalPoliciesAnswer: Codable, Sendable {
    public let policies: [ApprovalPolicyAnswer]
}
