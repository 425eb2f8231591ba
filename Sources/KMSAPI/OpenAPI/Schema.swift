import JSONText

/// The schema of a JSON value: JSON Schema 2020-12, as in OpenAPI 3.1.
struct Schema: Sendable {
    let value: DocumentValue

    init(_ value: DocumentValue) { self.value = value }

    /// Returns a reference to the component schema of that name.
    static func ref(_ name: String) -> Schema { Schema(["$ref": .text("#/components/schemas/\(name)")]) }

    static let flag = Schema(["type": "boolean"])
    static let text = Schema(["type": "string"])
    static let time = Schema(["type": "string", "format": "date-time"])
    static let count = Schema(["type": "integer", "minimum": 0])

    static func text(_ pattern: String? = nil, length: ClosedRange<Int>? = nil) -> Schema {
        var fields: [(name: String, value: DocumentValue)] = [("type", "string")]
        if let pattern { fields.append(("pattern", .text(pattern))) }
        if let length {
            if length.lowerBound > 0 { fields.append(("minLength", .number(length.lowerBound))) }
            fields.append(("maxLength", .number(length.upperBound)))
        }
        return Schema(.object(fields))
    }

    static func number(_ range: ClosedRange<Int>) -> Schema {
        Schema(["type": "integer", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)])
    }

    /// Returns the schema of padded base64 (RFC 4648 §4) of at most `byteCount` bytes, without stray bits in front of the padding.
    static func base64(atMost byteCount: Int? = nil) -> Schema {
        let pattern = Patterns.base64
        guard let byteCount else { return Schema(["type": "string", "pattern": .text(pattern)]) }
        return Schema([
            "type": "string", "pattern": .text(pattern), "maxLength": .number(Base64.length(ofEncoded: byteCount)),
        ])
    }

    /// Returns the schema of one name of a closed set.
    static func one<Member: RawRepresentable<String> & CaseIterable>(of members: Member.Type) -> Schema {
        one(of: members.allCases.map(\.rawValue))
    }

    static func one(of names: [String]) -> Schema { Schema(["type": "string", "enum": .texts(names)]) }

    static func list(of item: Schema, atMost limit: Int? = nil) -> Schema {
        guard let limit else { return Schema(["type": "array", "items": item.value]) }
        return Schema(["type": "array", "maxItems": .number(limit), "items": item.value])
    }

    /// Returns the schema of an object whose names the caller chooses.
    static func pairs(of item: Schema, names: Schema = .text) -> Schema {
        Schema(["type": "object", "propertyNames": names.value, "additionalProperties": item.value])
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
        return Schema(.object(parts))
    }

    /// The schema of the value itself or null.
    var orNull: Schema { Schema(["oneOf": [value, ["type": "null"]]]) }

    static func oneOf(_ schemas: Schema...) -> Schema { Schema(["oneOf": .list(schemas.map(\.value))]) }

    /// Returns the same schema with an additional keyword.
    func with(_ name: String, _ addition: DocumentValue) -> Schema {
        guard case .object(let fields) = value else { return self }
        return Schema(.object(fields + [(name: name, value: addition)]))
    }

    func described(_ text: String) -> Schema { with("description", .text(text)) }
}

/// A field of an object.
struct Property: Sendable {
    let name: String
    let schema: Schema
    let isRequired: Bool

    /// Returns a field that is always present.
    static func must(_ name: String, _ schema: Schema) -> Property {
        Property(name: name, schema: schema, isRequired: true)
    }

    static func may(_ name: String, _ schema: Schema) -> Property {
        Property(name: name, schema: schema, isRequired: false)
    }
}

/// The patterns of texts, as regular expressions of ECMA-262, which JSON Schema uses.
enum Patterns {
    static let name = "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"
    static let alias = "^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,127}|[A-Za-z0-9_/-]{1,250})$"
    static let grant = "^[0-9a-f]{64}$"
    static let service = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
    static let subject = "^[A-Za-z0-9][A-Za-z0-9._@:+=-]{0,127}$"
    static let accessKey = "^AKIA[A-Z2-7]{16}$"
    static let account = "^[0-9]{12}$"
    static let region = "^[a-z0-9-]{1,32}$"
    static let credential = "^[0-9a-f]{16}$"
    static let uuid = "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"
    static let cursor = "^[A-Za-z0-9_-]+$"
    static let requestID = "^[A-Za-z0-9_-]{1,64}$"
    /// Text without characters that control a terminal or hide others (the categories Cc, Cf, Zl and Zp). They are listed, because not
    /// every library supports `\p{Cf}`. Characters beyond U+FFFF, which `\u` cannot express, are checked by the service.
    static let plain =
        #"^[^\u0000-\u001F\u007F-\u009F\u00AD\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2\u180E"#
        + #"\u200B-\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB]*$"#
    static let hex = "^(?:[0-9a-f]{2})+$"
    static let base64 =
        "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$"
}
