internal import PKCS11

/// The rule for root keys: which attribute has to have which value, and why. Read back from the token at each start.
enum RootRule {
    /// One attribute that a root key has to have.
    struct Requirement: Sendable {
        let attribute: AttributeType
        let value: Bool
        /// Whether a token that does not know the attribute at all is accepted.
        var isOptional = false
    }

    /// What holds for each root key, whatever it is for.
    static let common: [Requirement] = [
        Requirement(attribute: .token, value: true),
        Requirement(attribute: .private, value: true),
        Requirement(attribute: .sensitive, value: true),
        Requirement(attribute: .alwaysSensitive, value: true),  // and was so from its first moment
        Requirement(attribute: .extractable, value: false),
        Requirement(attribute: .neverExtractable, value: true),  // and never was
        Requirement(attribute: .local, value: true),  // made in this token, not brought to it
        Requirement(attribute: .modifiable, value: false),
        // Younger than many tokens (v2.40); where it is unknown, the probe tries to copy.
        Requirement(attribute: .copyable, value: false, isOptional: true),
        Requirement(attribute: .encrypt, value: false),
        Requirement(attribute: .decrypt, value: false),
        Requirement(attribute: .derive, value: false),
    ]

    /// What each purpose adds.
    static func requirements(for purpose: RootPurpose) -> [Requirement] {
        let isWrapping = purpose == .wrapping
        return common + [
            Requirement(attribute: .wrap, value: isWrapping),
            Requirement(attribute: .unwrap, value: isWrapping),
            Requirement(attribute: .sign, value: !isWrapping),
            Requirement(attribute: .verify, value: !isWrapping),
        ]
    }

    /// The id of the integrity root, in a token that has room for one secret key of an id; elsewhere both roots have the same.
    static func secondID(for id: [UInt8]) -> [UInt8] { id + [1] }

    /// How a key breaks the rule, in words; empty when it keeps it.
    static func violations(
        of key: ObjectHandle, as purpose: RootPurpose, in session: borrowing Session
    ) throws(PKCS11Error) -> [String] {
        var violations: [String] = []
        let keyType: KeyType = purpose == .wrapping ? .aes : .genericSecret
        if try session.number(.keyType, of: key) != keyType.rawValue {
            violations.append("is not of the key type \(keyType)")
        }
        if try session.number(.valueLength, of: key) != 32 { violations.append("is not 32 bytes long") }
        for requirement in requirements(for: purpose) {
            guard let value = try told(requirement.attribute, of: key, in: session) else {
                if !requirement.isOptional { violations.append("\(requirement.attribute) is not told by the token") }
                continue
            }
            if value != requirement.value { violations.append("\(requirement.attribute) is \(value)") }
        }
        return violations
    }

    /// A boolean attribute; nil when the token does not know it.
    static func told(
        _ attribute: AttributeType, of key: ObjectHandle, in session: borrowing Session
    ) throws(PKCS11Error) -> Bool? {
        do throws(PKCS11Error) {
            return try session.bool(attribute, of: key)
        } catch .returned(.attributeTypeInvalid, _) {
            return nil
        }
    }
}
