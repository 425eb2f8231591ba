/// A grant: operations that one grantee may perform with a key.
public struct GrantAnswer: Codable, Sendable {
    public let id: String
    public let name: String
    public let grantee: String
    public let retiring: String?
    public let actions: [String]
    public let context: NameValuePairs?
    public let allowsMoreContext: Bool
    public let issuer: String
    public let createdAt: String
}

/// The grants of a key.
public struct GrantsAnswer: Codable, Sendable {
    public let grants: [GrantAnswer]
}
