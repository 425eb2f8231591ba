/// Attributes of all objects that a token stores (v2.40 §4.2 to §4.4).
extension Attribute {
    /// What the object is.
    public static func `class`(_ value: ObjectClass) -> Attribute { Attribute(.class, number: value.rawValue) }

    /// In the token for good, instead of in the session.
    public static func token(_ value: Bool) -> Attribute { Attribute(.token, bool: value) }

    /// Seen by a logged-in user only.
    public static func `private`(_ value: Bool) -> Attribute { Attribute(.private, bool: value) }

    /// Attributes can be changed.
    public static func modifiable(_ value: Bool) -> Attribute { Attribute(.modifiable, bool: value) }

    /// The object can be copied.
    public static func copyable(_ value: Bool) -> Attribute { Attribute(.copyable, bool: value) }

    /// The object can be destroyed.
    public static func destroyable(_ value: Bool) -> Attribute { Attribute(.destroyable, bool: value) }

    /// A name for people. Need not be the only one of its kind.
    public static func label(_ value: String) -> Attribute { Attribute(.label, bytes: value.utf8) }

    /// The application that a data object belongs to.
    public static func application(_ value: String) -> Attribute { Attribute(.application, bytes: value.utf8) }

    /// The object's value: key material of a secret key, content of a data object.
    public static func value(_ value: some Collection<UInt8>) -> Attribute { Attribute(.value, bytes: value) }
}
