internal import Crypto
import Encodings

/// The steps of a key ceremony, in order.
public struct CeremonyTranscript: CustodyDocument, Hashable {
    public static let title = "hsm-kms ceremony transcript"

    public struct Step: Codable, Hashable, Sendable {
        public let number: Int
        public let what: String
        public let startedAt: String
        public let endedAt: String
        /// The outcome of the step, as it was read back.
        public let outcome: String

        public init(number: Int, what: String, startedAt: Timestamp, endedAt: Timestamp, outcome: String) {
            self.number = number
            self.what = what
            self.startedAt = startedAt.description
            self.endedAt = endedAt.description
            self.outcome = outcome
        }
    }

    /// A file that the ceremony wrote and that is not secret.
    public struct File: Codable, Hashable, Sendable {
        public let name: String
        public let sha256: String

        public init(name: String, content: [UInt8]) {
            self.name = name
            sha256 = Hexadecimal.text(Array(SHA256.hash(data: content)))
        }
    }

    public let document: String
    public let format: Int
    public let ceremony: String
    public let isRehearsal: Bool
    /// SHA-256 of the file that describes the ceremony.
    public let planSHA256: String
    public let custodians: [String]
    public let sharesRequired: Int
    public let token: TokenFacts
    public let steps: [Step]
    public let files: [File]
    public let auditKeySHA256: String

    public init(
        ceremony: String, isRehearsal: Bool, plan: [UInt8], custodians: [String], sharesRequired: Int,
        token: TokenFacts,
        steps: [Step], files: [File], auditKey: PublicKeyInfo
    ) {
        document = Self.title
        format = Self.format
        self.ceremony = ceremony
        self.isRehearsal = isRehearsal
        planSHA256 = Hexadecimal.text(Array(SHA256.hash(data: plan)))
        self.custodians = custodians
        self.sharesRequired = sharesRequired
        self.token = token
        self.steps = steps
        self.files = files
        auditKeySHA256 = auditKey.fingerprint
    }
}
