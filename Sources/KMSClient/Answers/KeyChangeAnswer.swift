/// The result of a change: the changed key, or the plan that a dry run returns.
public enum KeyChangeAnswer: Decodable, Sendable {
    case changed(KeyAnswer)
    case planned(ImpactAnswer)

    private enum CodingKeys: CodingKey {
        case dryRun
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if try container.decodeIfPresent(Bool.self, forKey: .dryRun) == true {
            self = .planned(try ImpactAnswer(from: decoder))
        } else {
            self = .changed(try KeyAnswer(from: decoder))
        }
    }
}

/// The answer to a dry run: the members of the changed key, `dryRun`, and `impact`.
public struct ImpactAnswer: Codable, Sendable {
    /// The effect on one existing version, and its uses in the last 90 days.
    public struct Version: Codable, Sendable {
        public let number: UInt32
        public let before: String
        public let after: String
        /// The uses that would no longer be possible.
        public let stops: [String]
        public let usage: UsageAnswer
    }

    /// The effects of the change beyond the changed records.
    public struct Impact: Codable, Sendable {
        /// True if the change needs an approval that the request does not name.
        public let approvalRequired: Bool
        public let versions: [Version]
    }

    /// The key, and the version that the change concerns, as the change would leave them. A key that does not exist yet has
    /// the id `00000000-0000-0000-0000-000000000000`.
    public let key: KeyAnswer
    public let dryRun: Bool
    public let impact: Impact

    /// The existing versions whose state or usability would change.
    public var versions: [Version] { impact.versions }

    private enum CodingKeys: CodingKey {
        case dryRun, impact
    }

    public init(from decoder: any Decoder) throws {
        key = try KeyAnswer(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        dryRun = try container.decode(Bool.self, forKey: .dryRun)
        impact = try container.decode(Impact.self, forKey: .impact)
    }

    /// Encodes the answer in the form in which the service sends it.
    public func encode(to encoder: any Encoder) throws {
        try key.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(dryRun, forKey: .dryRun)
        try container.encode(impact, forKey: .impact)
    }
}
