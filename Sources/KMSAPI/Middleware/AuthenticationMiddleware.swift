import Hummingbird
import KeyManagement

/// Lets nobody further in who has not shown a credential: not to a route, not to one that does not exist, not to a 405.
struct AuthenticationMiddleware: RouterMiddleware {
    let service: KeyService

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let caller = try await service.authenticate(
            bearer: try PresentedCredential.of(request.headers), requestID: context.requestID)
        context.notes.subject = caller.subject
        var context = context
        context.authenticated = caller
        return try await next(request, context)
    }
}
