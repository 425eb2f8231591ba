import HTTPServing
import Hummingbird
import KeyManagement

/// A request to an endpoint whose body is of the type `Body`.
struct EndpointRequest<Body: EndpointBody>: Sendable {
    let service: KeyService
    let reader: BodyReader
    let http: Request
    let context: APIContext

    var requestID: String { context.requestID }

    /// The authenticated principal and the project of the request.
    var caller: Caller {
        get throws(KMSError) { try context.caller }
    }

    /// The authenticated principal, in any project.
    var principal: Principal {
        get throws(KMSError) { try context.principal }
    }

    /// Receives and reads the body.
    func body() async throws -> Body { try Body.present(try await reader.read(Body.self, of: http)) }

    /// Returns the text that the path has for a parameter.
    ///
    /// - Parameter what: the parameter, as messages name it.
    func text(_ parameter: PathParameter, _ what: StaticString) throws(KMSError) -> String {
        try PercentDecoding.decode(context.parameters[parameter.name[...]] ?? "", of: what)
    }
}

extension EndpointRequest where Body: ChangeBodyShape {
    /// Receives and reads the body of a change.
    ///
    /// - Returns: the body, and the options of the change: its note, its idempotency key, and whether it is a dry run.
    func change() async throws -> (body: Body, options: ChangeOptions) {
        let received = try await reader.receive(http)
        let body = try Body.present(try received.read(Body.self))
        return (body, try ChangeOptions(http, received, note: body.note, isDryRun: body.isDryRun))
    }
}
