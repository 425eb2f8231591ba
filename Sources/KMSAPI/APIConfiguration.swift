/// Where the HTTP API listens, and how much it takes from a caller.
public struct APIConfiguration: Sendable {
    public var host: String
    /// 0 lets the system choose one; `onReady` of ``makeAPI(service:configuration:logger:onReady:)`` tells which.
    public var port: Int
    /// The most bytes of a request body. More is answered with 413.
    public var maxBodyBytes: Int
    /// The most bytes of a batch's body.
    public var maxBatchBytes: Int
    /// The most bytes of the request line's target, and of any one header. More ends the connection with 400.
    public var maxHeaderBytes: Int
    /// The most bytes of all headers together.
    public var maxHeaderListBytes: Int
    /// The most headers of a request.
    public var maxHeaderCount: Int
    /// The most connections at a time; further ones wait in the system's queue of 256. Each takes a file descriptor.
    public var maxConnections: Int
    /// How long a connection may be silent between requests, and while it sends the headers of one.
    public var idleTimeout: Duration
    /// How long a request may take to arrive, from the end of its headers on, and how long a TLS handshake may take. Then
    /// the connection is closed.
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
}
