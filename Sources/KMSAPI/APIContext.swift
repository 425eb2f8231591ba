import FoundationEssentials
import Hummingbird
import KeyManagement
import Synchronization

/// What belongs to one request, beside the request itself.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Set first of all, by ``AnswerMiddleware``.
    var requestID = ""
    /// Set by ``AuthenticationMiddleware``.
    var authenticated: Authenticated?
    /// What the log line at the end has to know of what happens further in.
    let notes = RequestNotes()
    /// The address from which the request comes; nil where there is no connection.
    let source: String?
    /// Whose failed attempts count together.
    let place: FailedAttempts.Place?
    /// Whom the client's certificate names.
    let clientIdentity: ExternalIdentity?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        let peer = ConnectionPeer.current
        self.source = peer?.source
        place = peer?.place
        clientIdentity = peer?.identity
    }

    /// Who asks, wherever it is.
    ///
    /// - Throws: ``KMSError/unauthenticated`` as ``caller`` does.
    var principal: Principal {
        get throws(KMSError) { try whoAsks.principal }
    }

    /// Who asks, as it was authenticated.
    var whoAsks: Authenticated {
        get throws(KMSError) {
            guard let authenticated else { throw .unauthenticated }
            return authenticated
        }
    }

    /// Who asks, in which project.
    ///
    /// - Throws: ``KMSError/unauthenticated`` on a route that does not stand behind ``AuthenticationMiddleware``: such a
    ///   mistake of ours closes the route instead of opening it.
    var caller: Caller {
        get throws(KMSError) {
            let authenticated = try whoAsks
            guard let project = authenticated.project else {
                throw .invalidRequest("name the project: X-Project; the credential leaves it open")
            }
            return Caller(authenticated.principal, in: project)
        }
    }
}

/// Notes that travel with every copy of a context.
final class RequestNotes: Sendable {
    private struct Known {
        var subject: SubjectID?
        var code: String?
    }

    private let known = Mutex(Known())

    var subject: SubjectID? {
        get { known.withLock { $0.subject } }
        set { known.withLock { $0.subject = newValue } }
    }

    /// Why a request failed, where that is none of our own codes.
    var code: String? {
        get { known.withLock { $0.code } }
        set { known.withLock { $0.code = newValue } }
    }
}
