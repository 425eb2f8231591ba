import JSONText

/// The schema of a JSON value: JSON Schema 2020-12, as in OpenAPI 3.1.
struct Schema: Sendable {
    let value: DocumentValue
    /// A value that the schema describes, for the examples of the document.
    let example: DocumentValue
    /// The component schemas that the value refers to, directly or through another one.
    let components: [Component]

    /// A schema that is listed among the components under its name.
    struct Component: Sendable {
        let name: String
        let value: DocumentValue
    }

    init(_ value: DocumentValue, example: DocumentValue, components: [Component] = []) {
        self.value = value
        self.example = example
        self.components = components
    }

    /// Returns a reference to a schema that is listed among the components.
    static func component(_ name: String, _ schema: Schema) -> Schema {
        Schema(
            ref(name), example: schema.example,
            components: [Component(name: name, value: schema.value)] + schema.components)
    }

    /// Returns a reference to the component schema of that name.
    static func ref(_ name: String) -> DocumentValue { ["$ref": .text("#/components/schemas/\(name)")] }

    static let flag = Schema(["type": "boolean"], example: true)
    static let text = Schema(["type": "string"], example: "text")
    static let time = Schema(["type": "string", "format": "date-time"], example: "2026-01-31T12:00:00.000Z")
    static let day = Schema(["type": "string", "format": "date"], example: "2030-01-31")
    static let count = Schema(["type": "integer", "minimum": 0], example: 1)

    static func text(_ pattern: String? = nil, length: ClosedRange<Int>? = nil) -> Schema {
        var fields: [(name: String, value: DocumentValue)] = [("type", "string")]
        if let pattern { fields.append(("pattern", .text(pattern))) }
        if let length {
            if length.lowerBound > 0 { fields.append(("minLength", .number(length.lowerBound))) }
            fields.append(("maxLength", .number(length.upperBound)))
        }
        return Schema(.object(fields), example: "text")
    }

    static func number(_ range: ClosedRange<Int>) -> Schema {
        Schema(
            ["type": "integer", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)],
            example: .number(range.lowerBound))
    }

    /// Returns the schema of padded base64 (RFC 4648 §4) of at most `byteCount` bytes, without stray bits in front of the padding.
    static func base64(atMost byteCount: Int? = nil) -> Schema {
        let pattern = Patterns.base64
        let example: DocumentValue = "aGVsbG8="
        guard let byteCount else {
            return Schema(["type": "string", "pattern": .text(pattern)], example: example)
        }
        return Schema(
            [
                "type": "string", "pattern": .text(pattern),
                "maxLength": .number(Base64.length(ofEncoded: byteCount)),
            ], example: example)
    }

    /// Returns the schema of one name of a closed set.
    static func one<Member: RawRepresentable<String> & CaseIterable>(of members: Member.Type) -> Schema {
        one(of: members.allCases.map(\.rawValue))
    }

    static func one(of names: [String]) -> Schema {
        Schema(["type": "string", "enum": .texts(names)], example: .text(names.first ?? ""))
    }

    static func list(of item: Schema, atMost limit: Int? = nil) -> Schema {
        var fields: [(name: String, value: DocumentValue)] = [("type", "array")]
        if let limit { fields.append(("maxItems", .number(limit))) }
        fields.append(("items", item.value))
        return Schema(.object(fields), example: [item.example], components: item.components)
    }

    /// Returns the schema of an object whose names the caller chooses.
    static func pairs(of item: Schema, names: Schema = .text) -> Schema {
        Schema(
            ["type": "object", "propertyNames": names.value, "additionalProperties": item.value],
            example: .object([]), components: item.components)
    }

    /// Returns the schema of an object of these fields and no others.
    static func object(_ fields: [Property]) -> Schema {
        var parts: [(name: String, value: DocumentValue)] = [
            ("type", "object"),
            ("properties", .object(fields.map { (name: $0.name, value: $0.schema.value) })),
        ]
        let required = fields.filter(\.isRequired).map(\.name)
        if !required.isEmpty { parts.append(("required", .texts(required))) }
        parts.append(("additionalProperties", false))
        let shown = fields.filter(\.isInExample).map { (name: $0.name, value: $0.schema.example) }
        return Schema(.object(parts), example: .object(shown), components: fields.flatMap(\.schema.components))
    }

    /// The schema of the value itself or null.
    var orNull: Schema {
        Schema(["oneOf": [value, ["type": "null"]]], example: example, components: components)
    }

    /// Returns the schema of a value that exactly one of the schemas describes. The example is that of the first.
    static func oneOf(_ first: Schema, _ others: Schema...) -> Schema {
        let all = [first] + others
        return Schema(
            ["oneOf": .list(all.map(\.value))], example: first.example, components: all.flatMap(\.components))
    }

    /// Returns the same schema with an additional keyword.
    func with(_ name: String, _ addition: DocumentValue) -> Schema {
        guard case .object(let fields) = value else { return self }
        return Schema(.object(fields + [(name: name, value: addition)]), example: example, components: components)
    }

    func described(_ text: String) -> Schema { with("description", .text(text)) }

    /// Returns the same schema with another example.
    func example(_ example: DocumentValue) -> Schema { Schema(value, example: example, components: components) }
}
