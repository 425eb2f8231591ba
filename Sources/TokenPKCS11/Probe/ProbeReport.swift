public import KeyManagement

/// The results of a probe, which tries every operation that the service needs on a token.
public struct ProbeReport: Sendable, Equatable {
    /// One operation that was tried.
    public struct Line: Sendable, Equatable {
        /// The group of the operation, such as `AES-GCM`.
        public let group: String
        public let operation: String
        public let outcome: Outcome
        /// True if the service cannot work without it.
        public let isRequired: Bool
    }

    public enum Outcome: Sendable, Equatable {
        /// It worked, and the result was right.
        case passed(String)
        /// It was refused, as required; the text is the token's code.
        case refused(String)
        /// It failed, or it worked although it must be refused.
        case failed(String)

        public var isGood: Bool {
            switch self {
            case .passed, .refused: true
            case .failed: false
            }
        }
    }

    /// The name of the token in messages.
    public let token: String
    public let lines: [Line]
    /// The wrapping mechanism for new version keys; `nil` if none was proved.
    public let wrapMechanism: WrapMechanism?
    /// The algorithms that the service offers.
    public let algorithms: Set<KeyAlgorithm>
    /// The subset of those whose keys derive shared secrets.
    public let agreementAlgorithms: Set<KeyAlgorithm>
    /// The import methods that the service offers.
    public let importMethods: Set<ImportMethod>

    /// The required operations that failed.
    public var missing: [String] {
        lines.compactMap { line in
            guard line.isRequired, case .failed(let why) = line.outcome else { return nil }
            return "\(line.group): \(line.operation): \(why)"
        }
    }

    /// True if the service can run on this token.
    public var isSufficient: Bool { missing.isEmpty && wrapMechanism != nil && !algorithms.isEmpty }
}
