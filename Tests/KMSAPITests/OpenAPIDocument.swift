import Foundation
import HTTPTypes
import KMSTesting

/// The document as a client reads it.
struct OpenAPIDocument {
    let root: JSON

    struct Operation {
        let method: String
        let path: String
        let json: JSON

        var id: String { json["operationId"]?.text ?? "(none)" }
    }

    var operations: [Operation] {
        (root["paths"]?.fields ?? [:]).flatMap { path, item in
            item.fields.filter { $0.key != "parameters" }
                .map { Operation(method: $0.key.uppercased(), path: path, json: $0.value) }
        }
    }

    /// Returns the target of a reference; the value itself if it is not a reference.
    func resolved(_ value: JSON) -> JSON? {
        guard let reference = value["$ref"]?.text else { return value }
        guard reference.hasPrefix("#/") else { return nil }
        var place: JSON? = root
        for name in reference.dropFirst(2).split(separator: "/") { place = place?[String(name)] }
        return place
    }

    /// Returns the operation of a request: of the matching templates, the one with the fewest parameters.
    func operation(_ method: String, _ target: String) -> Operation? {
        let parts = target.prefix { $0 != "?" }.split(separator: "/")
        return operations.filter { operation in
            let template = operation.path.split(separator: "/")
            return operation.method == method && template.count == parts.count
                && zip(template, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }.min { $0.path.count { $0 == "{" } < $1.path.count { $0 == "{" } }
    }

    /// Returns the schema of an answer's body.
    func schema(of operation: Operation, status: Int) -> JSON? {
        guard let response = operation.json["responses"]?["\(status)"].flatMap(resolved) else { return nil }
        return response["content"]?["application/json"]?["schema"]
    }

    /// Returns the faults of a value as text; empty if the schema describes it.
    func faults(of value: JSON, by schema: JSON, at place: String = "body") -> [String] {
        guard let schema = resolved(schema) else { return ["\(place): a reference leads nowhere"] }
        var faults: [String] = []
        for (keyword, argument) in schema.fields {
            switch keyword {
            case "type":
                if argument.text != Self.type(of: value), !(argument.text == "number" && value.number != nil) {
                    faults.append("\(place) is \(Self.type(of: value)), not \(argument.text ?? "?")")
                }
            case "enum": if !argument.items.contains(value) { faults.append("\(place) is \(value)") }
            case "const": if argument != value { faults.append("\(place) is \(value)") }
            case "pattern":
                if let text = value.text, let pattern = argument.text,
                    text.range(of: pattern, options: .regularExpression) == nil
                {
                    faults.append("\(place) is '\(text)', not \(pattern)")
                }
            case "minimum": if let number = value.number, number < argument.number ?? 0 { faults.append(place) }
            case "maximum": if let number = value.number, number > argument.number ?? 0 { faults.append(place) }
            case "required":
                for name in argument.texts where value[name] == nil { faults.append("\(place).\(name) is missing") }
            case "properties":
                for (name, schema) in argument.fields {
                    guard let field = value[name] else { continue }
                    faults += self.faults(of: field, by: schema, at: "\(place).\(name)")
                }
            case "additionalProperties":
                for (name, field) in value.fields where schema["properties"]?[name] == nil {
                    if argument == .flag(false) {
                        faults.append("\(place).\(name) is not in the document")
                    } else {
                        faults += self.faults(of: field, by: argument, at: "\(place).\(name)")
                    }
                }
            case "items":
                for (index, item) in value.items.enumerated() {
                    faults += self.faults(of: item, by: argument, at: "\(place)[\(index)]")
                }
            case "allOf": for part in argument.items { faults += self.faults(of: value, by: part, at: place) }
            case "oneOf":
                let each = argument.items.map { self.faults(of: value, by: $0, at: place) }
                let fitting = each.count { $0.isEmpty }
                if fitting != 1 { faults.append("\(place) fits \(fitting) of \(each.count): \(each)") }
            case "description", "format", "propertyNames", "maxItems": break
            default: faults.append("\(place): the test does not know the keyword \(keyword)")
            }
        }
        return faults
    }

    private static func type(of value: JSON) -> String {
        switch value {
        case .null: "null"
        case .flag: "boolean"
        case .number(let number): number == number.rounded() ? "integer" : "number"
        case .text: "string"
        case .list: "array"
        case .object: "object"
        }
    }
}

extension Client {
    func document() async throws -> OpenAPIDocument {
        OpenAPIDocument(root: try JSON.read(try await send(.get, "/openapi.json", as: .nobody).text))
    }
}
