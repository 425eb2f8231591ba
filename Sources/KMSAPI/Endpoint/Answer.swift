import HTTPServing
import HTTPTypes
import Hummingbird
import JSONText
import KeyManagement

/// The data of a successful answer: its schema, and the function that writes it.
struct Answer<Value>: Sendable {
    let schema: Schema
    /// Returns the approximate length of a value's JSON, in bytes. A value with a secret must not exceed it.
    let capacity: @Sendable (Value) -> Int
    let write: @Sendable (inout JSONWriter, Value) -> Void

    /// Makes an answer whose schema is listed among the components under its name.
    init(
        _ name: String, _ fields: [Property], capacity: @escaping @Sendable (Value) -> Int = { _ in 512 },
        write: @escaping @Sendable (inout JSONWriter, Value) -> Void
    ) {
        self.init(.component(name, .object(fields)), capacity: capacity, write: write)
    }

    /// Makes an answer with a schema of its own.
    init(
        _ schema: Schema, capacity: @escaping @Sendable (Value) -> Int,
        write: @escaping @Sendable (inout JSONWriter, Value) -> Void
    ) {
        self.schema = schema
        self.capacity = capacity
        self.write = write
    }

    /// Returns the response with a value.
    func response(
        _ value: Value, _ message: StaticString, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:],
        requestID: String
    ) -> Response {
        Envelope.success(message, status: status, headers: headers, requestID: requestID, size: capacity(value)) {
            write(&$0, value)
        }
    }
}

/// The answers of all endpoints, each beside the endpoints of its resource.
enum Answers {
    /// Returns the answer with a page of a list.
    ///
    /// - Parameters:
    ///   - name: the field with the items.
    ///   - capacity: the approximate length of an item, in bytes.
    static func page<Item>(_ name: StaticString, of item: Answer<Item>, capacity: Int) -> Answer<Page<Item>> {
        Answer(
            .object([.must("\(name)", .list(of: item.schema)), .must("next", nextPage)]),
            capacity: { capacity * $0.items.count + 128 },
            write: { writer, page in
                writer.list(name, page.items) { writer, value in writer.object { item.write(&$0, value) } }
                writer.field("next", optional: page.next?.text)
            })
    }

    /// Returns the answer with a list that is complete.
    ///
    /// - Parameters:
    ///   - name: the field with the items.
    ///   - item: the answer for one item.
    ///   - capacity: the approximate length of an item, in bytes.
    ///   - component: the name of the schema among the components; nil for a schema without a name.
    static func list<Item>(
        _ name: StaticString, of item: Answer<Item>, capacity: Int, as component: String? = nil
    ) -> Answer<[Item]> {
        let schema = Schema.object([.must("\(name)", .list(of: item.schema))])
        return Answer(
            component.map { .component($0, schema) } ?? schema, capacity: { capacity * $0.count + 128 },
            write: { writer, items in
                writer.list(name, items) { writer, value in writer.object { item.write(&$0, value) } }
            })
    }

    static let nextPage = Schema.text.orNull.described("The cursor of the next page; null when this is the last.")
        .example("bzE3")
}
