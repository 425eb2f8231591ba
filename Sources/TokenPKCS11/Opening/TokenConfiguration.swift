public import PKCS11

/// Which token, and how it is used.
public struct TokenConfiguration: Sendable {
    /// Names the token, its module and the source of its PIN (RFC 7512).
    public var uri: PKCS11URI
    /// How many threads, each with a session of its own, work on the token. Nil: 1 for SoftHSM, which is slower with
    /// two than with one, else 16, or fewer if the token has fewer sessions.
    public var workers: Int?
    /// How many pieces of work may wait for a worker; more are refused as busy.
    public var queueLimit: Int
    /// How long a piece of work may take, waiting included, until its caller is told that the token is busy.
    public var deadline: Duration
    /// How long making an RSA key pair may take, waiting for others included.
    public var generationDeadline: Duration
    /// How many RSA key pairs may wait to be made; more are refused as busy.
    public var generationQueueLimit: Int
    /// How many threads whose calls hang in the module are replaced. When so many hang and all others too, calls are refused at once.
    public var hangLimit: Int
    /// How many unwrapped version keys stay in the token as session objects.
    public var handleCapacity: Int

    public init(
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
