package import KeyManagement

/// The results of a probe, which tries every operation that the service needs on a token.
package struct ProbeReport: Sendable, Equatable {
    /// One operation that was tried.
    package struct Line: Sendable, Equatable {
        /// The group of the operation, such as `AES-GCM`.
        package let group: String
        package let operation: String
        package let outcome: Outcome
        /// True if the service cannot work without it.
        package let isRequired: Bool
    }

    package enum Outcome: Sendable, Equatable {
        /// It worked, and the result was right.
        case passed(String)
        /// It was refused, as required; the text is the token's code.
        case refused(String)
        /// It failed, or it worked although it must be refused.
        case failed(String)

        package var isGood: Bool {
            switch self {
            case .passed, .refused: true
            case .failed: false
            }
        }
    }

    /// The name of the token in messages.
    package let token: String
    package let lines: [Line]
    /// The wrapping mechanism for new version keys; `nil` if none was proved.
    package let wrapMechanism: WrapMechanism?
    /// The algorithms that the service offers.
    package let algorithms: Set<KeyAlgorithm>
    /// The subset of those whose keys derive shared secrets.
    package let agreementAlgorithms: Set<KeyAlgorithm>
    /// The import methods that the service offers.
    package let importMethods: Set<ImportMethod>

    /// The required operations that failed.
    package var missing: [String] {
        lines.compactMap { line in
            guard line.isRequired, case .failed(let why) = line.outcome else { return nil }
            return "\(line.group): \(line.operation): \(why)"
        }
    }

    /// True if the service can run on this token.
    package var isSufficient: Bool { missing.isEmpty && wrapMechanism != nil && !algorithms.isEmpty }
}
