import Hummingbird
import KeyManagement

/// Lets nobody further in who has not shown a credential: not to a route, not to one that does not exist, not to a 405.
///
/// From where wrong ones come again and again, they are refused without a trace in the audit log, and cost nothing else. A good one always
/// counts: behind a proxy many clients share an address, and no token can be found by guessing.
struct AuthenticationMiddleware: RouterMiddleware {
    let service: KeyService
    let failures: FailedAttempts

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let presented = try PresentedCredential(request.headers)
        var shown = Presentation(
            bearer: presented.token, certificate: context.clientIdentity, project: presented.project,
            source: context.source, requestID: context.requestID, approval: presented.approval)
        let wait = failures.wait(at: context.place)
        shown.isRecorded = wait == nil
        let authenticated = try await authenticate(shown, at: context.place, wait)
        context.notes.subject = authenticated.principal.subject
        var context = context
        context.authenticated = authenticated
        return try await next(request, context)
    }

    private func authenticate(
        _ shown: Presentation, at place: FailedAttempts.Place?, _ wait: Duration?
    ) async throws(KMSError) -> Authenticated {
        do throws(KMSError) {
            return try await service.authenticate(shown)
        } catch {
            // Busy: what was shown could not be held against an issuer's keys.
            guard error == .unauthenticated || error.code == .busy else { throw error }
            if let wait { throw .tooManyFailures(retryAfter: wait) }
            failures.note(at: place)
            throw error
        }
    }
}
