/// Attributes of all objects that a token stores (v2.40 §4.2 to §4.4).
extension Attribute {
    /// The class of the object.
    public static func `class`(_ value: ObjectClass) -> Attribute { Attribute(.class, number: value.rawValue) }

    /// The object is stored in the token permanently, not in the session.
    public static func token(_ value: Bool) -> Attribute { Attribute(.token, bool: value) }

    /// The object is visible only to a logged-in user.
    public static func `private`(_ value: Bool) -> Attribute { Attribute(.private, bool: value) }

    /// The attributes of the object can be changed.
    public static func modifiable(_ value: Bool) -> Attribute { Attribute(.modifiable, bool: value) }

    /// The object can be copied.
    public static func copyable(_ value: Bool) -> Attribute { Attribute(.copyable, bool: value) }

    /// The object can be destroyed.
    public static func destroyable(_ value: Bool) -> Attribute { Attribute(.destroyable, bool: value) }

    /// A name for people. It need not be unique.
    public static func label(_ value: String) -> Attribute { Attribute(.label, bytes: value.utf8) }

    /// The application that a data object belongs to.
    public static func application(_ value: String) -> Attribute { Attribute(.application, bytes: value.utf8) }

    /// The object's value: key material of a secret key, content of a data object.
    public static func value(_ value: some Collection<UInt8>) -> Attribute { Attribute(.value, bytes: value) }
}
