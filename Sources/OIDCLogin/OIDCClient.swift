internal import AsyncHTTPClient
internal import FoundationEssentials
internal import KMSClient
internal import NIOCore
internal import NIOHTTP1

/// A client of one issuer: a public client (RFC 6749 §2.1), which has an id and no secret.
package struct OIDCClient: Sendable {
    package let provider: OIDCProvider
    package let clientID: String
    let http: HTTPClient
    private let timeout: TimeAmount

    /// The most bytes of an answer.
    private static let maxAnswerLength = 1 << 20

    /// Reads the issuer's discovery document, passes a client to `body`, and closes its connections when `body` ends.
    ///
    /// - Parameters:
    ///   - issuer: the issuer's address.
    ///   - clientID: the id under which the issuer knows this program.
    ///   - authorities: the file with the authorities that are trusted for the issuer, in PEM; nil for the system's.
    ///   - timeout: the time within which each answer must arrive.
    ///   - isolation: the isolation in which `body` runs; the caller's by default.
    ///   - body: uses the client, which must not be kept.
    package static func withClient<Result>(
        issuer: String, clientID: String, authorities: String? = nil, timeout: Duration = .seconds(30),
        isolation: isolated (any Actor)? = #isolation, _ body: (OIDCClient) async throws -> Result
    ) async throws -> Result {
        try OIDCProvider.requireSecure(issuer)
        // A redirect could lead to an address that the operator did not name.
        var settings = HTTPClient.Configuration.singletonConfiguration
        settings.redirectConfiguration = .disallow
        settings.connectionPool.retryConnectionEstablishment = false
        if let authorities {
            guard let tls = try? ClientTLS(authorities: authorities).configuration() else {
                throw OIDCError.unreadableAuthorities(authorities)
            }
            settings.tlsConfiguration = tls
        }
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        do {
            let client = try await OIDCClient(issuer: issuer, clientID: clientID, http: http, TimeAmount(timeout))
            let result = try await body(client)
            try? await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    private init(issuer: String, clientID: String, http: HTTPClient, _ timeout: TimeAmount) async throws(OIDCError) {
        let address = OIDCProvider.documentAddress(of: issuer)
        let (status, document) = try await Self.exchange(HTTPClientRequest(url: address), http, timeout)
        guard status == 200 else { throw .malformedAnswer("\(address) answers with HTTP status \(status)") }
        provider = try OIDCProvider(document: document, issuer: issuer)
        self.clientID = clientID
        self.http = http
        self.timeout = timeout
    }

    /// Exchanges a refresh token for new tokens (RFC 6749 §6).
    package func refresh(_ token: String) async throws(OIDCError) -> OIDCTokens {
        let tokens = try OIDCTokens(
            answer: try await post(
                provider.tokenEndpoint,
                ["grant_type": "refresh_token", "refresh_token": token, "client_id": clientID]))
        try tokens.checkIDToken(issuer: provider.issuer, clientID: clientID, nonce: nil)
        return tokens
    }

    private struct Refusal: Decodable {
        let error: String
        let errorDescription: String?
    }

    /// Sends a form and returns the body of the answer.
    ///
    /// - Throws: ``OIDCError/refused(code:description:)`` with the issuer's error.
    func post(_ address: String, _ fields: KeyValuePairs<String, String?>) async throws(OIDCError) -> [UInt8] {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "Accept", value: "application/json")
        request.body = .bytes(ByteBuffer(string: FormText.encode(fields)))
        let (status, body) = try await Self.exchange(request, http, timeout)
        if status == 200 { return body }
        guard let refusal = try? OIDCJSON.decode(Refusal.self, body) else {
            throw .malformedAnswer("\(address) answers with HTTP status \(status)")
        }
        throw .refused(code: refusal.error, description: refusal.errorDescription)
    }

    private static func exchange(
        _ request: HTTPClientRequest, _ http: HTTPClient, _ timeout: TimeAmount
    ) async throws(OIDCError) -> (UInt, [UInt8]) {
        do {
            let response = try await http.execute(request, timeout: timeout)
            let body = try await response.body.collect(upTo: maxAnswerLength)
            return (response.status.code, Array(body.readableBytesView))
        } catch {
            throw .unreachable(request.url, ConnectionProblem(error))
        }
    }
}
