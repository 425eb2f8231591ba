/// A list of attributes to find, to make or to change.
///
/// ```swift
/// let root: Template = [
///     .class(.secretKey), .keyType(.aes), .valueLength(32), .label("root"),
///     .token(true), .sensitive(true), .extractable(false), .wrap(true), .unwrap(true),
/// ]
/// ```
///
/// The order is kept, and nothing is added, sorted or dropped: the token receives exactly these attributes.
public struct Template: Sendable, Hashable, ExpressibleByArrayLiteral {
    /// The attributes in the order in which the token receives them.
    public var attributes: [Attribute]

    /// Creates a template from existing attributes.
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

    /// Returns the attributes of both, one after the other.
    public static func + (lhs: Template, rhs: Template) -> Template {
        Template(lhs.attributes + rhs.attributes)
    }
}
