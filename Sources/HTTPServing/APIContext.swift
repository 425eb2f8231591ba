import FoundationEssentials
package import Hummingbird
package import KeyManagement
import Synchronization

/// The context of one request.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The request's id, set first of all by ``AnswerMiddleware``.
    package var requestID = ""
    /// The authenticated caller, set by the door that authenticates the request.
    package var authenticated: Authenticated?
    /// The notes that inner layers leave for the request's log line.
    package let notes = RequestNotes()
    /// The address from which the request comes; nil if there is no connection.
    package let source: String?
    /// The bucket under which failed attempts are counted; nil if there is no address.
    package let place: FailedAttempts.SourceNetwork?
    /// The identity in the client's certificate.
    package let clientIdentity: ExternalIdentity?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        let peer = ConnectionPeer.current
        self.source = peer?.source
        place = peer?.place
        clientIdentity = peer?.identity
    }

    /// The authenticated principal, in any project.
    ///
    /// - Throws: ``KMSError/unauthenticated`` as ``caller`` does.
    package var principal: Principal {
        get throws(KMSError) { try whoAsks.principal }
    }

    /// The result of the authentication.
    package var whoAsks: Authenticated {
        get throws(KMSError) {
            guard let authenticated else { throw .unauthenticated }
            return authenticated
        }
    }

    /// The authenticated principal together with the project of the request.
    ///
    /// - Throws: ``KMSError/unauthenticated`` on a route that no door has authenticated, so that such a mistake closes the
    ///   route instead of opening it. ``KMSError/projectRequired`` if neither credential nor header names a project.
    package var caller: Caller {
        get throws(KMSError) {
            let authenticated = try whoAsks
            guard let project = authenticated.project else {
                throw .projectRequired
            }
            return Caller(authenticated.principal, in: project)
        }
    }
}

/// Notes that all copies of a context share.
package final class RequestNotes: Sendable {
    private struct Known {
        var subject: SubjectID?
        var code: String?
    }

    private let known = Mutex(Known())

    package var subject: SubjectID? {
        get { known.withLock { $0.subject } }
        set { known.withLock { $0.subject = newValue } }
    }

    /// The code of a failure that is not one of the native API's codes.
    package var code: String? {
        get { known.withLock { $0.code } }
        set { known.withLock { $0.code = newValue } }
    }
}
