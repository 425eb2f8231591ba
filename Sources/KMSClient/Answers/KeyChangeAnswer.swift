/// The result of a change: the changed key, or the impact that a dry run predicts.
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

/// The impact that a dry run predicts.
public struct ImpactAnswer: Codable, Sendable {
    public struct Version: Codable, Sendable {
        public let number: UInt32
        public let before: String
        public let after: String
        public let stops: [String]
        public let usage: UsageAnswer
    }

    public let dryRun: Bool
    public let key: KeyAnswer
    public let versions: [Version]
}
