internal import PKCS11

/// The rule for root keys: the required value of each attribute. It is checked against the token at each start.
enum RootRule {
    /// The required value of one attribute.
    struct Requirement: Sendable {
        let attribute: AttributeType
        let value: Bool
        /// True if a token that does not know the attribute is accepted.
        var isOptional = false
    }

    /// The requirements for every root key, whatever its purpose.
    static let common: [Requirement] = [
        Requirement(attribute: .token, value: true),
        Requirement(attribute: .private, value: true),
        Requirement(attribute: .sensitive, value: true),
        Requirement(attribute: .alwaysSensitive, value: true),  // and was so from its first moment
        Requirement(attribute: .extractable, value: false),
        Requirement(attribute: .neverExtractable, value: true),  // and never was
        Requirement(attribute: .local, value: true),  // made in this token, not brought to it
        Requirement(attribute: .modifiable, value: false),
        // Newer than many tokens (v2.40). Where it is unknown, the probe tries to copy the key.
        Requirement(attribute: .copyable, value: false, isOptional: true),
        Requirement(attribute: .encrypt, value: false),
        Requirement(attribute: .decrypt, value: false),
        Requirement(attribute: .derive, value: false),
    ]

    /// Returns all requirements for a purpose.
    static func requirements(for purpose: RootPurpose) -> [Requirement] {
        let isWrapping = purpose == .wrapping
        return common + [
            Requirement(attribute: .wrap, value: isWrapping),
            Requirement(attribute: .unwrap, value: isWrapping),
            Requirement(attribute: .sign, value: !isWrapping),
            Requirement(attribute: .verify, value: !isWrapping),
        ]
    }

    /// Returns the id of the integrity root in a token that allows one secret key per id. In other tokens both roots have the
    /// same id.
    static func secondID(for id: [UInt8]) -> [UInt8] { id + [1] }

    /// Returns descriptions of how a key breaks the rule; empty if it satisfies the rule.
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

    /// Returns a boolean attribute; `nil` if the token does not know it.
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
