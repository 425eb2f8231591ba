import HTTPServing
import HTTPTypes
import KeyManagement

/// One operation of the API, as the document describes it.
struct APIOperation: Sendable {
    let method: HTTPRequest.Method
    /// The template of the path, as the router has it.
    let path: String
    let id: String
    let summary: String
    var group = ""
    /// True if the operation needs no credential, and its path is not below `/api/v1`.
    var isOpen = false
    /// The parameters of the query; no others are allowed.
    var query: [QueryParameter] = []
    /// True if the operation reads `Idempotency-Key`.
    var isRepeatable = false
    var body: RequestSchema?
    /// True if the body is optional.
    var bodyIsOptional = false
    /// The data of a successful answer, by status.
    let data: [(status: Int, schema: Schema)]
    /// The failures of this operation, in addition to those that all operations share.
    let failures: Set<FailureCode>

    /// Describes an operation.
    ///
    /// - Parameters:
    ///   - status: the status of success.
    ///   - orNothingMade: the data of 200, if success is 201 only when something was created.
    init(
        _ method: HTTPRequest.Method, _ path: String, _ id: String, _ summary: String, query: [QueryParameter] = [],
        body: RequestSchema? = nil, optionalBody: RequestSchema? = nil, isRepeatable: Bool = false, status: Int = 200,
        data: Schema, orNothingMade: Schema? = nil, failures: Set<FailureCode> = []
    ) {
        self.method = method
        self.path = path
        self.id = id
        self.summary = summary
        self.query = query
        self.isRepeatable = isRepeatable
        self.body = body ?? optionalBody
        bodyIsOptional = optionalBody != nil
        self.data = orNothingMade.map { [(200, $0), (status, data)] } ?? [(status, data)]
        self.failures = failures
    }

    /// True if the operation may need approvals.
    var isGuarded: Bool { !failures.isDisjoint(with: [.approvalRequired]) }

    /// True if success with 201 carries the new object's path in `Location`.
    var hasLocation: Bool { path == "keys" || path == "import-jobs" }

    /// True if answers are wrapped in the envelope, as all are but the document itself.
    var hasEnvelope: Bool { path != DocumentRoutes.path }

    var fullPath: String { isOpen ? "/" + path : "/api/v1/" + path }

    /// All codes that the operation can fail with, by status.
    var failuresByStatus: [Int: Set<FailureCode>] {
        // An open operation uses no credential and, except for /readyz, neither the token nor the store.
        var all = isOpen ? [.headersTooLarge, .internalFailure] : FailureCode.always
        if !isOpen { all.formUnion(FailureCode.behindCredentials) }
        if body != nil { all.formUnion(FailureCode.ofBodies) }
        if isRepeatable { all.insert(.idempotencyMismatch) }
        return Dictionary(grouping: all.union(failures), by: \.status.code).mapValues(Set.init)
    }
}

/// Operations that belong together.
struct OperationGroup: Sendable {
    let name: String
    let description: String
    let operations: [APIOperation]

    /// Makes a group of these operations.
    ///
    /// - Parameter isOpen: true if no credential is required.
    init(_ name: String, _ description: String, isOpen: Bool = false, _ operations: [APIOperation]) {
        self.name = name
        self.description = description
        self.operations = operations.map {
            var operation = $0
            operation.group = name
            operation.isOpen = isOpen
            return operation
        }
    }

    static let all = [
        keys, versions, cryptography, signatures, batches, aliases, imports, access, projects, subjects, accessKeys,
        groups, audit,
        roots, custody, approvals, health,
    ]
}

/// The body of a request: its schema, and the field names of the type that reads it.
struct RequestSchema: Sendable {
    let name: String
    let fieldNames: [String]
    let schema: Schema

    init(_ name: String, _ shape: (some RequestBodyShape).Type, _ fields: [Property], _ note: String? = nil) {
        self.name = name
        fieldNames = shape.fieldNames
        schema = note.map { Schema.object(fields).described($0) } ?? .object(fields)
    }
}

/// A parameter of the query.
struct QueryParameter: Sendable {
    let name: String
    let description: String
    let schema: Schema

    init(_ name: String, _ description: String, _ schema: Schema) {
        self.name = name
        self.description = description
        self.schema = schema
    }

    /// The parameters of every list.
    static let ofLists = [
        QueryParameter("limit", "The most items of a page; 100 unless given.", .number(1...1000)),
        QueryParameter("cursor", "`next` of the page before, as it came.", .text(Patterns.cursor)),
    ]
}
