import HTTPServing
import Hummingbird
import KeyManagement

/// Admits only requests with a valid credential: to a route, to a path that does not exist, and to a 405 alike.
///
/// Repeated wrong credentials from one address are refused without an entry in the audit log, and cost nothing else. A valid credential is
/// always accepted: behind a proxy many clients share an address, and no token can be found by guessing.
struct AuthenticationMiddleware: RouterMiddleware {
    let service: KeyService
    let failures: FailedAttempts

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let presented = try PresentedCredential(request.headers)
        var shown = AuthenticationRequest(
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
        _ shown: AuthenticationRequest, at place: FailedAttempts.SourceNetwork?, _ wait: Duration?
    ) async throws(KMSError) -> Authenticated {
        do throws(KMSError) {
            return try await service.authenticate(shown)
        } catch {
            // Busy: the credential could not be checked against an issuer's keys.
            guard error == .unauthenticated || error.code == .busy else { throw error }
            if let wait { throw .tooManyFailures(retryAfter: wait) }
            failures.note(at: place)
            throw error
        }
    }
}
