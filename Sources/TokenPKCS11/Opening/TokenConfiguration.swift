package import PKCS11

/// The token to use, and the limits of its use.
package struct TokenConfiguration: Sendable {
    /// Names the token, its module and the source of its PIN (RFC 7512).
    package var uri: PKCS11URI
    /// The number of threads that work on the token, each with a session of its own. Nil: 1 for SoftHSM, which is slower with two
    /// than with one, else 16, or fewer if the token has fewer sessions.
    package var workers: Int?
    /// The maximum number of work items that wait for a worker. Further items are refused as busy.
    package var queueLimit: Int
    /// The time limit of a work item, including waiting. After it the caller is told that the token is busy.
    package var deadline: Duration
    /// The time limit for generating an RSA key pair, including waiting for others.
    package var generationDeadline: Duration
    /// The maximum number of RSA key pairs that wait to be generated. Further ones are refused as busy.
    package var generationQueueLimit: Int
    /// The maximum number of threads that are replaced because their calls hang in the module. If that many hang and all other
    /// threads too, calls are refused at once.
    package var hangLimit: Int
    /// The maximum number of unwrapped version keys kept in the token as session objects.
    package var handleCapacity: Int

    package init(
        uri: PKCS11URI, workers: Int? = nil, queueLimit: Int = 1024, deadline: Duration = .seconds(5),
        generationDeadline: Duration = .seconds(60), generationQueueLimit: Int = 16, handleCapacity: Int = 4096,
        hangLimit: Int = 8
    ) {
        self.uri = uri
        self.workers = workers
        self.queueLimit = queueLimit
        self.deadline = deadline
        self.generationDeadline = generationDeadline
        self.generationQueueLimit = generationQueueLimit
        self.handleCapacity = handleCapacity
        self.hangLimit = hangLimit
    }
}
