import Hummingbird
import KeyManagement

/// Lets nobody further in who has not shown a credential: not to a route, not to one that does not exist, not to a 405. Who
/// shows wrong ones again and again is not listened to for a while.
struct AuthenticationMiddleware: RouterMiddleware {
    let service: KeyService
    let failures: FailedAttempts

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        // First of all: guessing shall cost neither the store nor the audit log anything.
        try failures.check(context.source)
        let shown = Presentation(
            bearer: try PresentedCredential.of(request.headers), certificate: context.clientIdentity,
            project: try PresentedCredential.only(.xProject, in: request.headers), source: context.source,
            requestID: context.requestID)
        let authenticated = try await authenticate(shown)
        context.notes.subject = authenticated.principal.subject
        var context = context
        context.authenticated = authenticated
        return try await next(request, context)
    }

    private func authenticate(_ shown: Presentation) async throws(KMSError) -> Authenticated {
        do {
            return try await service.authenticate(shown)
        } catch {
            if case .unauthenticated = error { failures.note(shown.source) }
            throw error
        }
    }
}
