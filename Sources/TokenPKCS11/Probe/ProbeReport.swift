public import KeyManagement

/// What a token did when it was asked to do everything that the service needs.
public struct ProbeReport: Sendable, Equatable {
    /// One thing that was tried.
    public struct Line: Sendable, Equatable {
        /// What it belongs to, such as `AES-GCM`.
        public let group: String
        public let operation: String
        public let outcome: Outcome
        /// Whether the service can do without.
        public let isRequired: Bool
    }

    public enum Outcome: Sendable, Equatable {
        /// It worked, and the result was right.
        case passed(String)
        /// It was refused, as it has to be; with which code.
        case refused(String)
        /// It did not work, or it worked though it must not.
        case failed(String)

        public var isGood: Bool {
            switch self {
            case .passed, .refused: true
            case .failed: false
            }
        }
    }

    /// How messages call the token.
    public let token: String
    public let lines: [Line]
    /// The way of wrapping that is used for new version keys; nil when none was proved.
    public let wrapMechanism: WrapMechanism?
    /// The algorithms that are offered.
    public let algorithms: Set<KeyAlgorithm>
    /// Those of them whose keys agree on secrets.
    public let agreementAlgorithms: Set<KeyAlgorithm>
    /// The ways of bringing keys that are offered.
    public let importMethods: Set<ImportMethod>

    /// What the service cannot do without, and did not get.
    public var missing: [String] {
        lines.compactMap { line in
            guard line.isRequired, case .failed(let why) = line.outcome else { return nil }
            return "\(line.group): \(line.operation): \(why)"
        }
    }

    /// Whether the service can be run on this token.
    public var isSufficient: Bool { missing.isEmpty && wrapMechanism != nil && !algorithms.isEmpty }
}
