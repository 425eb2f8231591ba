internal import KeyManagement
internal import PKCS11

/// The rule for the attributes of version keys in use. `CKA_LOCAL`, `CKA_ALWAYS_SENSITIVE` and `CKA_NEVER_EXTRACTABLE` are not
/// required, because they are false for unwrapped keys (v2.40 §4.7). Version keys are known to be extractable between generation
/// and wrapping.
enum VersionRule {
    private static let requirements: [RootRule.Requirement] = [
        RootRule.Requirement(attribute: .token, value: false),
        RootRule.Requirement(attribute: .private, value: true),
        RootRule.Requirement(attribute: .sensitive, value: true),
        RootRule.Requirement(attribute: .extractable, value: false),
        RootRule.Requirement(attribute: .unwrap, value: false),
    ]

    static func violations(
        of key: ObjectHandle, for usage: KeyUsage, in session: borrowing Session
    ) throws(PKCS11Error) -> [String] {
        let derives = RootRule.Requirement(attribute: .derive, value: usage == .keyAgreement)
        var violations: [String] = []
        for requirement in requirements + [derives] {
            let value = try RootRule.told(requirement.attribute, of: key, in: session)
            guard value != requirement.value else { continue }
            violations.append("\(requirement.attribute) is \(value.map { "\($0)" } ?? "not reported")")
        }
        return violations
    }
}
