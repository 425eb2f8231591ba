/// A field of an object.
struct Property: Sendable {
    let name: String
    let schema: Schema
    let isRequired: Bool
    /// True if the example of the object has the field.
    let isInExample: Bool

    init(name: String, schema: Schema, isRequired: Bool, isInExample: Bool = true) {
        self.name = name
        self.schema = schema
        self.isRequired = isRequired
        self.isInExample = isInExample
    }

    /// Returns a field that is always present.
    static func must(_ name: String, _ schema: Schema) -> Property {
        Property(name: name, schema: schema, isRequired: true)
    }

    /// Returns an optional field.
    static func may(_ name: String, _ schema: Schema, isInExample: Bool = false) -> Property {
        Property(name: name, schema: schema, isRequired: false, isInExample: isInExample)
    }
}
