internal import CPKCS11

/// The type of an attribute (`CK_ATTRIBUTE_TYPE`, v2.40 §3.4 and §4).
public struct AttributeType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt

    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// The name in the standard, `CKA_LABEL`; an unknown type prints as its number, `CKA_0x80000001`.
    public var description: String {
        Self.names[rawValue] ?? "CKA_0x" + String(rawValue, radix: 16, uppercase: true)
    }
}

extension AttributeType {
    // All objects.
    public static let `class` = AttributeType(rawValue: CKA_CLASS)
    public static let token = AttributeType(rawValue: CKA_TOKEN)
    public static let `private` = AttributeType(rawValue: CKA_PRIVATE)
    public static let label = AttributeType(rawValue: CKA_LABEL)
    public static let application = AttributeType(rawValue: CKA_APPLICATION)
    public static let value = AttributeType(rawValue: CKA_VALUE)
    public static let modifiable = AttributeType(rawValue: CKA_MODIFIABLE)
    public static let copyable = AttributeType(rawValue: CKA_COPYABLE)
    public static let destroyable = AttributeType(rawValue: CKA_DESTROYABLE)

    // Keys.
    public static let keyType = AttributeType(rawValue: CKA_KEY_TYPE)
    public static let id = AttributeType(rawValue: CKA_ID)
    public static let sensitive = AttributeType(rawValue: CKA_SENSITIVE)
    public static let extractable = AttributeType(rawValue: CKA_EXTRACTABLE)
    public static let encrypt = AttributeType(rawValue: CKA_ENCRYPT)
    public static let decrypt = AttributeType(rawValue: CKA_DECRYPT)
    public static let sign = AttributeType(rawValue: CKA_SIGN)
    public static let verify = AttributeType(rawValue: CKA_VERIFY)
    public static let wrap = AttributeType(rawValue: CKA_WRAP)
    public static let unwrap = AttributeType(rawValue: CKA_UNWRAP)
    public static let derive = AttributeType(rawValue: CKA_DERIVE)
    public static let trusted = AttributeType(rawValue: CKA_TRUSTED)
    public static let wrapWithTrusted = AttributeType(rawValue: CKA_WRAP_WITH_TRUSTED)
    public static let alwaysAuthenticate = AttributeType(rawValue: CKA_ALWAYS_AUTHENTICATE)
    public static let valueLength = AttributeType(rawValue: CKA_VALUE_LEN)
    public static let checkValue = AttributeType(rawValue: CKA_CHECK_VALUE)
    public static let startDate = AttributeType(rawValue: CKA_START_DATE)
    public static let endDate = AttributeType(rawValue: CKA_END_DATE)

    // The history of a key as the token knows it. Never in a template.
    /// The key was generated in this token, not imported.
    public static let local = AttributeType(rawValue: CKA_LOCAL)
    /// The key has always been sensitive.
    public static let alwaysSensitive = AttributeType(rawValue: CKA_ALWAYS_SENSITIVE)
    /// The key has never been extractable.
    public static let neverExtractable = AttributeType(rawValue: CKA_NEVER_EXTRACTABLE)
    /// The mechanism that generated the key.
    public static let keyGenMechanism = AttributeType(rawValue: CKA_KEY_GEN_MECHANISM)

    // Attributes that hold lists.
    public static let allowedMechanisms = AttributeType(rawValue: CPKCS11_CKA_ALLOWED_MECHANISMS)
    public static let wrapTemplate = AttributeType(rawValue: CPKCS11_CKA_WRAP_TEMPLATE)
    public static let unwrapTemplate = AttributeType(rawValue: CPKCS11_CKA_UNWRAP_TEMPLATE)
    public static let deriveTemplate = AttributeType(rawValue: CPKCS11_CKA_DERIVE_TEMPLATE)

    // RSA and elliptic curves.
    public static let subject = AttributeType(rawValue: CKA_SUBJECT)
    public static let publicKeyInfo = AttributeType(rawValue: CKA_PUBLIC_KEY_INFO)
    public static let modulus = AttributeType(rawValue: CKA_MODULUS)
    public static let modulusBits = AttributeType(rawValue: CKA_MODULUS_BITS)
    public static let publicExponent = AttributeType(rawValue: CKA_PUBLIC_EXPONENT)
    public static let privateExponent = AttributeType(rawValue: CKA_PRIVATE_EXPONENT)
    public static let prime1 = AttributeType(rawValue: CKA_PRIME_1)
    public static let prime2 = AttributeType(rawValue: CKA_PRIME_2)
    public static let exponent1 = AttributeType(rawValue: CKA_EXPONENT_1)
    public static let exponent2 = AttributeType(rawValue: CKA_EXPONENT_2)
    public static let coefficient = AttributeType(rawValue: CKA_COEFFICIENT)
    public static let ecParameters = AttributeType(rawValue: CKA_EC_PARAMS)
    public static let ecPoint = AttributeType(rawValue: CKA_EC_POINT)
}
