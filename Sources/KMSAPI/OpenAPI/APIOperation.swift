import HTTPTypes
import KeyManagement

/// One operation of the API, as its document tells of it.
struct APIOperation: Sendable {
    let method: HTTPRequest.Method
    /// The template of the path, as the router has it.
    let path: String
    let id: String
    let summary: String
    var group = ""
    /// Whether a credential is asked for, and the path stands below `/api/v1`.
    var isOpen = false
    /// What stands in the query; nothing else may.
    var query: [QueryParameter] = []
    /// Whether `Idempotency-Key` is read.
    var isRepeatable = false
    var body: RequestSchema?
    /// Whether the body may be left out.
    var bodyIsOptional = false
    /// The data of success, by status.
    let data: [(status: Int, schema: Schema)]
    /// What it fails with beside what everything can.
    let failures: Set<FailureCode>

    /// - Parameters:
    ///   - status: that of success.
    ///   - orNothingMade: the data of 200, where success is 201 only when something was made.
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

    /// Whether the operation may need approvals.
    var isGuarded: Bool { !failures.isDisjoint(with: [.approvalRequired]) }

    /// Whether success with 201 says where the new one is.
    var hasLocation: Bool { path == "keys" || path == "import-jobs" }

    /// The document itself is what it is.
    var hasEnvelope: Bool { path != DocumentRoutes.path }

    var fullPath: String { isOpen ? "/" + path : "/api/v1/" + path }

    /// All codes that it can fail with, by status.
    var failuresByStatus: [Int: Set<FailureCode>] {
        // What is open asks neither for a credential nor, but for /readyz, the token or the store.
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

    /// - Parameter isOpen: whether no credential is asked for.
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

/// The body of a request: its schema, and how the type that reads it calls its fields.
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

/// What may stand in a query.
struct QueryParameter: Sendable {
    let name: String
    let description: String
    let schema: Schema

    init(_ name: String, _ description: String, _ schema: Schema) {
        self.name = name
        self.description = description
        self.schema = schema
    }

    /// What every list takes.
    static let ofLists = [
        QueryParameter("limit", "The most items of a page; 100 unless given.", .number(1...1000)),
        QueryParameter("cursor", "`next` of the page before, as it came.", .text(Patterns.cursor)),
    ]
}
