import Foundation
import KMSTesting

/// An example of an operation, as the document at `/openapi.json` has it.
struct DocumentedExample {
    let id: String
    let method: String
    /// The template of the path.
    let template: String
    /// The examples of the path's parameters, by name.
    let parameters: [String: String]
    let query: [(name: String, value: String)]
    let headers: [(name: String, value: String)]
    let body: JSON?
    /// The role that the operation requires.
    let role: String
    let status: UInt
    /// The documented body of the answer.
    let answer: JSON

    /// Reads the examples of all operations.
    ///
    /// - Returns: the examples by operation id.
    static func all(in document: JSON) throws -> [String: DocumentedExample] {
        var examples: [String: DocumentedExample] = [:]
        for (path, item) in document["paths"]?.fields ?? [:] {
            for (method, operation) in item.fields where method != "parameters" {
                let parameters = ((item["parameters"]?.items ?? []) + (operation["parameters"]?.items ?? []))
                    .compactMap { resolved($0, in: document) }
                let example = try DocumentedExample(path, method, operation, parameters)
                examples[example.id] = example
            }
        }
        return examples
    }

    private struct Missing: Error {
        let path: String
        let method: String
    }

    private init(_ path: String, _ method: String, _ operation: JSON, _ parameters: [JSON]) throws {
        // The example of the operation is that of its highest successful status.
        guard let id = operation["operationId"]?.text, let role = operation["x-required-role"]?.text,
            let status = operation["responses"]?.fields.keys.filter({ $0 < "300" }).max(), let number = UInt(status),
            let answer = operation["responses"]?[status]?["content"]?["application/json"]?["example"]
        else { throw Missing(path: path, method: method) }
        self.id = id
        self.method = method.uppercased()
        self.role = role
        self.status = number
        self.answer = answer
        template = path
        body = operation["requestBody"]?["content"]?["application/json"]?["example"]
        // A later parameter replaces an earlier one of the same name.
        func examples(in place: String) -> [(name: String, value: String)] {
            parameters.filter { $0["in"]?.text == place }.compactMap { parameter in
                guard let name = parameter["name"]?.text, let value = Self.text(parameter["example"]) else {
                    return nil
                }
                return (name, value)
            }
        }
        self.parameters = Dictionary(examples(in: "path")) { $1 }
        query = examples(in: "query")
        headers = examples(in: "header")
    }

    private static func text(_ value: JSON?) -> String? {
        switch value {
        case .text(let text): text
        case .number(let number): String(Int(number))
        default: nil
        }
    }

    private static func resolved(_ value: JSON, in document: JSON) -> JSON? {
        guard let reference = value["$ref"]?.text else { return value }
        return reference.dropFirst(2).split(separator: "/").reduce(JSON?.some(document)) { $0?[String($1)] }
    }
}
