/// Where the HTTP API listens, and how much it takes from a caller.
public struct APIConfiguration: Sendable {
    public var host: String
    /// 0 lets the system choose one; `onReady` of ``makeAPI(service:configuration:logger:onReady:requestLog:degradation:)`` tells which.
    public var port: Int
    /// The most bytes of a request body. More is answered with 413.
    public var maxBodyBytes: Int
    /// The most bytes of a batch's body.
    public var maxBatchBytes: Int
    /// The most bytes of the request line's target, and of the name and the value of any one header. More ends the connection with 431.
    public var maxHeaderBytes: Int
    /// The most bytes of the target and all headers together. More ends the connection with 431.
    public var maxHeaderListBytes: Int
    /// The most headers of a request. More end the connection with 431.
    public var maxHeaderCount: Int
    /// The most connections at a time; further ones wait in the system's queue of 256. Each takes a file descriptor.
    public var maxConnections: Int
    /// The most connections of one source: an address of IPv4, the /64 of one of IPv6. Further ones are closed at once. Nil is a quarter
    /// of ``maxConnections``.
    public var maxConnectionsPerSource: Int?
    /// How long the TLS handshake may take, and how long the head of a request. Then the connection is closed. For the first request the time
    /// begins with the connection, for each further one with its first byte.
    public var headTimeout = Duration.seconds(10)
    /// How long a connection may be silent between requests.
    public var idleTimeout: Duration
    /// How long a request may take to arrive, from the end of its headers on. Then the connection is closed.
    public var readTimeout: Duration
    /// How long a client may leave answers unread once the system's buffers are full. Then the connection is closed.
    public var writeTimeout: Duration
    /// How long a graceful shutdown waits for running requests before it cancels them.
    public var drainTimeout: Duration
    /// How many failures to authenticate from one address are told at once; further ones are answered with 429, but for one in three
    /// seconds.
    public var failedAttempts = 20
    /// Nil speaks plain HTTP.
    public var tls: TLSSettings?

    public init(
        host: String = "127.0.0.1", port: Int = 8080, maxBodyBytes: Int = 64 * 1024,
        maxBatchBytes: Int = 8 * 1024 * 1024, maxHeaderBytes: Int = 8 * 1024,
        maxHeaderListBytes: Int = 32 * 1024, maxHeaderCount: Int = 100, maxConnections: Int = 512,
        idleTimeout: Duration = .seconds(60), readTimeout: Duration = .seconds(10),
        writeTimeout: Duration = .seconds(10), drainTimeout: Duration = .seconds(20), tls: TLSSettings? = nil
    ) {
        self.host = host
        self.port = port
        self.maxBodyBytes = maxBodyBytes
        self.maxBatchBytes = maxBatchBytes
        self.maxHeaderBytes = maxHeaderBytes
        self.maxHeaderListBytes = maxHeaderListBytes
        self.maxHeaderCount = maxHeaderCount
        self.maxConnections = maxConnections
        self.idleTimeout = idleTimeout
        self.readTimeout = readTimeout
        self.writeTimeout = writeTimeout
        self.drainTimeout = drainTimeout
        self.tls = tls
    }

    /// How many connections one source may have.
    var connectionsPerSource: Int { maxConnectionsPerSource ?? max(1, maxConnections / 4) }
}
