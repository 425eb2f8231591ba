/// The attributes of one key, and the results of attempts to misuse it.
package struct KeyExamination: Codable, Hashable, Sendable {
    /// An attempt at an operation that must be refused.
    package struct Trial: Codable, Hashable, Sendable {
        package let attempt: String
        package let isRefused: Bool
        /// The return value of the function that refused it, such as `CKR_KEY_UNEXTRACTABLE`; `nil` if none did.
        package let code: String?

        package init(attempt: String, isRefused: Bool, code: String?) {
            self.attempt = attempt
            self.isRefused = isRefused
            self.code = code
        }
    }

    /// The key's label, or the version's id.
    package let key: String
    /// The attributes by their names in PKCS #11; `not told` for one that the token does not know.
    package let attributes: [String: String]
    /// `CKA_ALLOWED_MECHANISMS`; empty if the token does not limit them.
    package let allowedMechanisms: [String]
    /// A value computed with the key over a fixed text, hexadecimal; `nil` where none can be computed.
    package let checkValue: String?
    package let trials: [Trial]
    /// The attributes that are not as required, one sentence each.
    package let findings: [String]

    package init(
        key: String, attributes: [String: String], allowedMechanisms: [String], checkValue: String?, trials: [Trial],
        findings: [String]
    ) {
        self.key = key
        self.attributes = attributes
        self.allowedMechanisms = allowedMechanisms
        self.checkValue = checkValue
        self.trials = trials
        self.findings = findings
    }

    /// True if all attributes are as required and every attempt was refused.
    package var isGood: Bool { findings.isEmpty && trials.allSatisfy(\.isRefused) }
}
