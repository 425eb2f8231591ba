internal import Crypto
import Encodings

/// The steps of a key ceremony, in order.
package struct CeremonyTranscript: CustodyDocument, Hashable {
    package static let title = "hsm-kms ceremony transcript"

    package struct Step: Codable, Hashable, Sendable {
        package let number: Int
        package let what: String
        package let startedAt: String
        package let endedAt: String
        /// The outcome of the step, as it was read back.
        package let outcome: String

        package init(number: Int, what: String, startedAt: Timestamp, endedAt: Timestamp, outcome: String) {
            self.number = number
            self.what = what
            self.startedAt = startedAt.description
            self.endedAt = endedAt.description
            self.outcome = outcome
        }
    }

    /// A file that the ceremony wrote and that is not secret.
    package struct File: Codable, Hashable, Sendable {
        package let name: String
        package let sha256: String

        package init(name: String, content: [UInt8]) {
            self.name = name
            sha256 = Hexadecimal.text(Array(SHA256.hash(data: content)))
        }
    }

    package let document: String
    package let format: Int
    package let ceremony: String
    package let isRehearsal: Bool
    /// SHA-256 of the file that describes the ceremony.
    package let planSHA256: String
    package let custodians: [String]
    package let sharesRequired: Int
    package let token: TokenFacts
    package let steps: [Step]
    package let files: [File]
    package let auditKeySHA256: String

    package init(
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
