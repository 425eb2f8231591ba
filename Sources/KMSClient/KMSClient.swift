internal import AsyncHTTPClient

/// A client of the native HTTP API.
///
/// It keeps connections open and reuses them. Use one client for a program, or for a part of it, and shut it down at the end:
///
/// ```swift
/// try await KMSClient.withClient(configuration) { client in
///     let dataKey = try await client.issueDataKey(for: "invoices")
/// }
/// ```
public struct KMSClient: Sendable {
    /// The project of the requests, where the credential leaves it open.
    public let project: String?
    /// The id of the approval by which the requests are performed, for operations that need one.
    public let approval: String?
    let address: ServiceAddress
    let credential: ClientCredential?
    let timeout: Duration
    let http: HTTPClient

    /// Creates a client. It connects at the first request.
    ///
    /// The owner calls ``shutdown()`` before the last copy is released.
    /// - Throws: ``KMSClientError/unreadableTLSFile(_:path:)``
    public init(_ configuration: Configuration) throws(KMSClientError) {
        // A redirect could send the token to an address that the operator did not name.
        var settings = HTTPClient.Configuration.singletonConfiguration
        settings.redirectConfiguration = .disallow
        // A refused connection is a final answer; it is not retried until the timeout.
        settings.connectionPool.retryConnectionEstablishment = false
        if configuration.address.isHTTPS { settings.tlsConfiguration = try configuration.tls.configuration() }
        address = configuration.address
        credential = configuration.credential
        timeout = configuration.timeout
        project = configuration.project
        approval = nil
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }

    private init(_ client: KMSClient, project: String?, approval: String?) {
        self.project = project
        self.approval = approval
        address = client.address
        credential = client.credential
        timeout = client.timeout
        http = client.http
    }

    /// Returns a client for another project, which uses the same connections.
    public func inProject(_ name: String?) -> KMSClient { KMSClient(self, project: name, approval: approval) }

    /// Returns a client whose requests are performed by an approval, which uses the same connections.
    public func approved(by id: String?) -> KMSClient { KMSClient(self, project: project, approval: id) }

    /// Closes the connections. Requests that are under way fail, and no request can be sent afterwards.
    public func shutdown() async {
        // A client that is shut down twice is still shut down.
        try? await http.shutdown()
    }

    /// Creates a client, passes it to `body`, and shuts it down when `body` ends. `body` runs in the isolation of the caller.
    public static func withClient<Result>(
        _ configuration: Configuration, isolation: isolated (any Actor)? = #isolation,
        _ body: (KMSClient) async throws -> Result
    ) async throws -> Result {
        let client = try KMSClient(configuration)
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }
}

extension KMSClient {
    /// The settings of a client.
    public struct Configuration: Sendable {
        public var address: ServiceAddress
        /// Not used over plain HTTP.
        public var tls = ClientTLS()
        /// The bearer token; nil for none, or if the client's certificate is the identity.
        public var credential: ClientCredential?
        /// The project, where the credential leaves it open.
        public var project: String?
        /// The time within which an answer must begin.
        public var timeout = Duration.seconds(30)

        public init(address: ServiceAddress, credential: ClientCredential? = nil, project: String? = nil) {
            self.address = address
            self.credential = credential
            self.project = project
        }
    }
}
