import HTTPServing
import HTTPTypes
import Hummingbird
import KeyManagement

extension Endpoint {
    /// Makes an endpoint that answers with a value.
    ///
    /// - Parameters:
    ///   - message: the message of the envelope.
    ///   - handle: returns the value for a request.
    init<Body: EndpointBody, Value>(
        _ method: HTTPRequest.Method, _ path: String, _ id: String, _ summary: String, guide: Guide, verb: Verb,
        body: Body.Type, limit: BodyLimit = .standard, answer: Answer<Value>,
        status: HTTPResponse.Status = .ok, message: StaticString, failures: Set<FailureCode> = [],
        handle: @escaping @Sendable (EndpointRequest<Body>) async throws -> Value
    ) {
        self.init(
            method, path, id, summary, guide: guide, verb: verb, body: body, limit: limit,
            successes: [Success(status: status, schema: answer.schema)], failures: failures
        ) { request in
            answer.response(try await handle(request), message, status: status, requestID: request.requestID)
        }
    }

    /// Makes an endpoint that reads no body, and answers with a value.
    init<Value>(
        _ method: HTTPRequest.Method, _ path: String, _ id: String, _ summary: String, guide: Guide, verb: Verb,
        answer: Answer<Value>, message: StaticString, failures: Set<FailureCode> = [],
        handle: @escaping @Sendable (EndpointRequest<NoBody>) async throws -> Value
    ) {
        self.init(
            method, path, id, summary, guide: guide, verb: verb, body: NoBody.self, answer: answer, message: message,
            failures: failures,
            handle: handle)
    }

    /// Makes an endpoint that lists objects page by page.
    ///
    /// - Parameter filters: the parameters of the query in addition to `limit` and `cursor`.
    init<Value>(
        list path: String, _ id: String, _ summary: String, guide: Guide, verb: Verb, filters: [QueryParameter] = [],
        answer: Answer<Value>, message: StaticString, failures: Set<FailureCode> = [],
        handle: @escaping @Sendable (EndpointRequest<NoBody>, ListQuery) async throws -> Value
    ) {
        let names = filters.map(\.name)
        self.init(
            .get, path, id, summary, guide: guide, verb: verb, query: QueryParameter.ofLists + filters,
            body: NoBody.self,
            successes: [Success(schema: answer.schema)], failures: failures
        ) { request in
            let query = try ListQuery(request.http, takes: names)
            return answer.response(try await handle(request, query), message, requestID: request.requestID)
        }
    }

    /// Makes an endpoint that changes a key. The request may carry an `Idempotency-Key`, and may be a dry run.
    ///
    /// - Parameter createsKey: true if success is 201 with the key's path, and 200 for a dry run.
    init<Body: ChangeBodyShape>(
        change method: HTTPRequest.Method, _ path: String, _ id: String, _ summary: String, guide: Guide, verb: Verb,
        body: Body.Type, createsKey: Bool = false, message: StaticString, failures: Set<FailureCode>,
        handle: @escaping @Sendable (EndpointRequest<Body>) async throws -> ChangeOutcome
    ) {
        self.init(
            method, path, id, summary, guide: guide, verb: verb, body: body, isIdempotent: true,
            successes: createsKey ? ChangeAnswer.creation : ChangeAnswer.change, failures: failures
        ) { request in
            ChangeAnswer.response(
                try await handle(request), message, status: createsKey ? .created : .ok, requestID: request.requestID)
        }
    }

    /// Makes an endpoint with a handler that writes its own response.
    init<Body: EndpointBody>(
        _ method: HTTPRequest.Method, _ path: String, _ id: String, _ summary: String, guide: Guide, verb: Verb?,
        query: [QueryParameter] = [], body: Body.Type, limit: BodyLimit = .standard, isIdempotent: Bool = false,
        successes: [Success], failures: Set<FailureCode> = [],
        respond: @escaping @Sendable (EndpointRequest<Body>) async throws -> Response
    ) {
        self.init(
            method: method, path: path, id: id, summary: summary, guide: guide, verb: verb, query: query,
            body: BodyDescription(body), isIdempotent: isIdempotent, successes: successes, failures: failures,
            makeHandler: { service, reader in
                { request, context in
                    try await respond(
                        EndpointRequest(service: service, reader: reader, http: request, context: context))
                }
            }, bodyLimit: limit)
    }
}
