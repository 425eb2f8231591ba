/// The address at which the HTTP API listens, and its limits for callers.
package struct APIConfiguration: Sendable {
    package var host: String
    /// The port; 0 lets the system choose one, which `onReady` of `makeServer` receives.
    package var port: Int
    /// The most bytes of a request body. A longer body is answered with 413.
    package var maxBodyBytes: Int
    /// The most bytes of a batch's body.
    package var maxBatchBytes: Int
    /// The most bytes of the request line's target, and of the name and the value of any one header. Exceeding it ends the connection with
    /// 431.
    package var maxHeaderBytes: Int
    /// The most bytes of the target and all headers together. Exceeding it ends the connection with 431.
    package var maxHeaderListBytes: Int
    /// The most headers of a request. Exceeding it ends the connection with 431.
    package var maxHeaderCount: Int
    /// The most connections at a time. Further ones wait in the system's queue of 256. Each takes a file descriptor.
    package var maxConnections: Int
    /// The most connections of one source: an IPv4 address, or the /64 of an IPv6 address. Further ones are closed at once. Nil means a
    /// quarter of ``maxConnections``.
    package var maxConnectionsPerSource: Int?
    /// The time limit for the TLS handshake, and for the head of a request. When it passes, the connection is closed. For the first request
    /// the time starts with the connection, or with the end of the TLS handshake. For each later one it starts with the first byte.
    package var headTimeout = Duration.seconds(10)
    /// The longest time that a connection may be idle between requests.
    package var idleTimeout: Duration
    /// The time limit for the arrival of a request, from the end of its headers. When it passes, the connection is closed.
    package var readTimeout: Duration
    /// The longest time that a client may leave answers unread once the system's buffers are full. When it passes, the connection is
    /// closed.
    package var writeTimeout: Duration
    /// The longest time that a graceful shutdown waits for running requests before it cancels them.
    package var drainTimeout: Duration
    /// The number of failed authentications from one address that are answered as such at once. Further ones are answered with 429, except
    /// for one every three seconds.
    package var failedAttempts = 20
    /// The TLS settings; nil for plain HTTP.
    package var tls: TLSSettings?

    package init(
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

    /// The most connections of one source.
    var connectionsPerSource: Int { maxConnectionsPerSource ?? max(1, maxConnections / 4) }
}
