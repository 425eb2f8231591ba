/// Attributes in a row: what to find, what to make, what to change.
///
/// ```swift
/// let root: Template = [
///     .class(.secretKey), .keyType(.aes), .valueLength(32), .label("root"),
///     .token(true), .sensitive(true), .extractable(false), .wrap(true), .unwrap(true),
/// ]
/// ```
///
/// The order is kept, and nothing is added, sorted or dropped: a token sees what is written.
public struct Template: Sendable, Hashable, ExpressibleByArrayLiteral {
    /// In the order that the token sees.
    public var attributes: [Attribute]

    /// A template of attributes that were made elsewhere.
    public init(_ attributes: [Attribute]) {
        self.attributes = attributes
    }

    public init(arrayLiteral attributes: Attribute...) {
        self.init(attributes)
    }

    /// Adds an attribute at the end.
    public mutating func append(_ attribute: Attribute) {
        attributes.append(attribute)
    }

    /// The attributes of both, one after the other.
    public static func + (lhs: Template, rhs: Template) -> Template {
        Template(lhs.attributes + rhs.attributes)
    }
}
