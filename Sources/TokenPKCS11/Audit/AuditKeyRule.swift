internal import PKCS11

/// The rule for the private half of the audit key. It is the rule for root keys, but the key only signs. It is checked at each
/// start.
enum AuditKeyRule {
    static let requirements: [RootRule.Requirement] = [
        RootRule.Requirement(attribute: .token, value: true),
        RootRule.Requirement(attribute: .private, value: true),
        RootRule.Requirement(attribute: .sensitive, value: true),
        RootRule.Requirement(attribute: .alwaysSensitive, value: true),  // and was so from its first moment
        RootRule.Requirement(attribute: .extractable, value: false),
        RootRule.Requirement(attribute: .neverExtractable, value: true),  // and never was
        RootRule.Requirement(attribute: .local, value: true),  // made in this token, not brought to it
        RootRule.Requirement(attribute: .modifiable, value: false),
        // Newer than many tokens (v2.40).
        RootRule.Requirement(attribute: .copyable, value: false, isOptional: true),
        RootRule.Requirement(attribute: .sign, value: true),
        RootRule.Requirement(attribute: .decrypt, value: false),
        RootRule.Requirement(attribute: .unwrap, value: false),
        RootRule.Requirement(attribute: .derive, value: false),
    ]

    /// Returns descriptions of how a key breaks the rule; empty if it satisfies the rule.
    static func violations(
        of key: ObjectHandle, in session: borrowing Session
    ) throws(PKCS11Error) -> [String] {
        var violations: [String] = []
        if try session.number(.keyType, of: key) != KeyType.ec.rawValue {
            violations.append("is not of the key type \(KeyType.ec)")
        }
        for requirement in requirements {
            guard let value = try RootRule.told(requirement.attribute, of: key, in: session) else {
                if !requirement.isOptional { violations.append("\(requirement.attribute) is not told by the token") }
                continue
            }
            if value != requirement.value { violations.append("\(requirement.attribute) is \(value)") }
        }
        return violations.map { "\(AuditKey.label): \($0)" }
    }
}
