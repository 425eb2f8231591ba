import HTTPServing
import JSONText
import KeyManagement
import NIOCore

/// The body of a request to an endpoint: it reads itself, and describes what it reads.
protocol EndpointBody: RequestBodyShape {
    /// The name of the body's schema. The document appends `Request`.
    static var name: String { get }

    /// The schema, with the fields that ``init(_:)`` reads.
    static var schema: Schema { get }

    /// A body that the endpoint accepts.
    static var example: DocumentValue { get }

    /// The body of a request that has none; nil if a body is required.
    static var absent: Self? { get }
}

extension EndpointBody {
    static var absent: Self? { nil }

    /// Returns the body of a request.
    ///
    /// - Parameter body: the body as read; nil if the request has none.
    static func present(_ body: Self?) throws(KMSError) -> Self {
        guard let body = body ?? absent else { throw .invalidRequest("the request needs a body: a JSON object") }
        return body
    }
}

/// A body whose fields are listed once, for the reader and for the schema.
protocol FieldBody: EndpointBody {
    associatedtype Field: DescribedFields

    /// An explanation of the body for the document; nil if the fields say all.
    static var note: String? { get }

    /// Keywords of JSON Schema beside the fields: conditions that bind several of them.
    static var conditions: [(name: String, value: DocumentValue)] { get }
}

extension FieldBody {
    static var note: String? { nil }
    static var conditions: [(name: String, value: DocumentValue)] { [] }
    static var schema: Schema {
        let object = Schema.object(Field.properties)
        return conditions.reduce(note.map(object.described) ?? object) { $0.with($1.name, $1.value) }
    }
}

/// The fields of a body, each with its schema.
protocol DescribedFields: JSONFields {
    var shape: FieldShape { get }
}

extension DescribedFields {
    static var properties: [Property] {
        allCases.map { Property(name: $0.rawValue, schema: $0.shape.schema, isRequired: $0.shape.isRequired) }
    }
}

/// The schema of a field, and its presence.
struct FieldShape {
    let schema: Schema
    let isRequired: Bool

    static func must(_ schema: Schema) -> FieldShape { FieldShape(schema: schema, isRequired: true) }
    static func may(_ schema: Schema) -> FieldShape { FieldShape(schema: schema, isRequired: false) }
}

/// The body of a change of a key, which may be a dry run.
protocol ChangeBodyShape: EndpointBody {
    /// The reason for the change; nil if the body gives none.
    var note: ChangeNote? { get }
    var isDryRun: Bool { get }
}

/// The body of endpoints that read none.
enum NoBody: EndpointBody {
    static let name = ""
    static let schema = Schema.object([])
    static let example: DocumentValue = [:]

    init(_ reader: inout JSONReader) throws(KMSError) {
        throw .internalFailure("a body is read that the endpoint does not declare")
    }
}

/// A body, as the document describes it.
struct BodyDescription: Sendable {
    /// The name of the schema among the components. The suffix separates bodies from data of the same name.
    let componentName: String
    let isRequired: Bool
    let schema: Schema
    let example: DocumentValue
    /// Reads a body as the endpoint does.
    let check: @Sendable (ByteBuffer) throws(KMSError) -> Void

    /// Describes a type of bodies; nil for ``NoBody``.
    init?<Body: EndpointBody>(_ body: Body.Type) {
        guard body != NoBody.self else { return nil }
        componentName = body.name + "Request"
        isRequired = body.absent == nil
        schema = body.schema
        example = body.example
        check = { (buffer) throws(KMSError) in
            _ = try JSONReader.read(buffer) { (reader) throws(KMSError) in try body.init(&reader) }
        }
    }
}
