/// Attributes of keys (v2.40 §4.7 to §4.10).
extension Attribute {
    /// The algorithm that the key is for.
    public static func keyType(_ value: KeyType) -> Attribute { Attribute(.keyType, number: value.rawValue) }

    /// An identifier that a public and a private key share.
    public static func id(_ value: some Collection<UInt8>) -> Attribute { Attribute(.id, bytes: value) }

    /// The length of a secret key to make, in bytes.
    public static func valueLength(_ bytes: Int) -> Attribute { Attribute(.valueLength, number: UInt(bytes)) }

    /// The value is not revealed in plaintext.
    public static func sensitive(_ value: Bool) -> Attribute { Attribute(.sensitive, bool: value) }

    /// The key can leave the token, wrapped.
    public static func extractable(_ value: Bool) -> Attribute { Attribute(.extractable, bool: value) }

    /// The key encrypts.
    public static func encrypt(_ value: Bool) -> Attribute { Attribute(.encrypt, bool: value) }
    /// The key decrypts.
    public static func decrypt(_ value: Bool) -> Attribute { Attribute(.decrypt, bool: value) }
    /// The key signs, or makes MACs.
    public static func sign(_ value: Bool) -> Attribute { Attribute(.sign, bool: value) }
    /// The key checks signatures, or MACs.
    public static func verify(_ value: Bool) -> Attribute { Attribute(.verify, bool: value) }
    /// The key wraps others.
    public static func wrap(_ value: Bool) -> Attribute { Attribute(.wrap, bool: value) }
    /// The key unwraps others.
    public static func unwrap(_ value: Bool) -> Attribute { Attribute(.unwrap, bool: value) }
    /// Other keys are derived from the key.
    public static func derive(_ value: Bool) -> Attribute { Attribute(.derive, bool: value) }

    /// The security officer vouches for this wrapping key.
    public static func trusted(_ value: Bool) -> Attribute { Attribute(.trusted, bool: value) }

    /// The key leaves the token only under a trusted wrapping key.
    public static func wrapWithTrusted(_ value: Bool) -> Attribute { Attribute(.wrapWithTrusted, bool: value) }

    /// The PIN is asked for each use.
    public static func alwaysAuthenticate(_ value: Bool) -> Attribute { Attribute(.alwaysAuthenticate, bool: value) }

    /// The key works with these mechanisms only.
    public static func allowedMechanisms(_ value: [MechanismType]) -> Attribute {
        Attribute(.allowedMechanisms, mechanisms: value)
    }

    /// The template that a key must match to be wrapped with this one.
    public static func wrapTemplate(_ value: Template) -> Attribute { Attribute(.wrapTemplate, template: value) }

    /// The template that a key unwrapped with this one receives, and must not contradict.
    public static func unwrapTemplate(_ value: Template) -> Attribute { Attribute(.unwrapTemplate, template: value) }
}

/// Attributes of RSA and elliptic-curve keys (Current Mechanisms v2.40 §2.1 and §2.3). Big numbers have the highest
/// byte first.
extension Attribute {
    /// The size of an RSA key to make, in bits.
    public static func modulusBits(_ bits: Int) -> Attribute { Attribute(.modulusBits, number: UInt(bits)) }

    /// The public exponent of an RSA key; 65537 is `[1, 0, 1]`.
    public static func modulus(_ value: some Collection<UInt8>) -> Attribute { Attribute(.modulus, bytes: value) }

    /// 65537 is `[1, 0, 1]`.
    public static func publicExponent(_ value: some Collection<UInt8>) -> Attribute {
        Attribute(.publicExponent, bytes: value)
    }

    /// The curve, as the DER of its `ECParameters` (an object identifier, or a name).
    public static func ecParameters(_ value: some Collection<UInt8>) -> Attribute {
        Attribute(.ecParameters, bytes: value)
    }

    /// The curve, by name.
    public static func ecParameters(_ curve: NamedCurve) -> Attribute {
        Attribute(.ecParameters, bytes: curve.parameters)
    }

    /// A public point, as a DER octet string around it.
    public static func ecPoint(_ value: some Collection<UInt8>) -> Attribute { Attribute(.ecPoint, bytes: value) }
}
