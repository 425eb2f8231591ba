import Hummingbird
import KeyManagement

/// Lets nobody further in who has not shown a credential: not to a route, not to one that does not exist, not to a 405.
struct AuthenticationMiddleware: RouterMiddleware {
    let service: KeyService

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let shown = Presentation(
            bearer: try PresentedCredential.of(request.headers), certificate: context.clientIdentity,
            project: try PresentedCredential.only(.xProject, in: request.headers), source: context.source,
            requestID: context.requestID)
        let authenticated = try await service.authenticate(shown)
        context.notes.subject = authenticated.principal.subject
        var context = context
        context.authenticated = authenticated
        return try await next(request, context)
    }
}
