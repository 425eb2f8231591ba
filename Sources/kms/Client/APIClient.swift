import AsyncHTTPClient
import FoundationEssentials
import KeyManagement
import NIOCore
import NIOFoundationEssentialsCompat
import NIOHTTP1
import NIOSSL

/// A client of the native API.
struct APIClient {
    private let address: ServiceAddress
    private let tls: TLSConfiguration?
    private let token: String?
    private let project: String?
    private let approval: String?
    private let timeout: TimeAmount

    /// Makes a client.
    ///
    /// - Parameter tls: nil for plain HTTP.
    init(
        address: ServiceAddress, tls: TLSConfiguration?, token: String?, project: String?, approval: String? = nil,
        timeout: TimeAmount
    ) {
        self.address = address
        self.tls = tls
        self.token = token
        self.project = project
        self.approval = approval
        self.timeout = timeout
    }

    /// The most bytes that an answer may have.
    private static let longestAnswer = 256 * 1024 * 1024

    func send<Answer: Decodable>(
        _ method: String, _ path: String, _ body: some Encodable, idempotencyKey: String? = nil,
        as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        try await send(
            method, path, body: Data(ValueEncoder.value(of: body).json().utf8), idempotencyKey: idempotencyKey)
    }

    /// Sends a body that is already JSON, and returns the data as received.
    func post(json: Data, to path: String) async throws -> JSONValue {
        try await send("POST", path, body: json)
    }

    func delete<Answer: Decodable>(_ path: String, as type: Answer.Type = Answer.self) async throws -> Answer {
        try await send("DELETE", path, body: nil)
    }

    func put<Answer: Decodable>(
        _ path: String, _ body: some Encodable, as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        try await send("PUT", path, body: Data(ValueEncoder.value(of: body).json().utf8))
    }

    func get<Answer: Decodable>(_ path: String, as type: Answer.Type = Answer.self) async throws -> Answer {
        try await send("GET", path, body: nil)
    }

    func post<Answer: Decodable>(
        _ path: String, _ body: some Encodable, as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        try await send("POST", path, body: Data(ValueEncoder.value(of: body).json().utf8))
    }

    /// Sends a POST request without a body.
    func post<Answer: Decodable>(_ path: String, as type: Answer.Type = Answer.self) async throws -> Answer {
        try await send("POST", path, body: nil)
    }

    func patch<Answer: Decodable>(
        _ path: String, _ body: some Encodable, as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        try await send("PATCH", path, body: Data(ValueEncoder.value(of: body).json().utf8))
    }

    private func send<Answer: Decodable>(
        _ method: String, _ path: String, body: Data?, idempotencyKey: String? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: address.base + path)
        request.method = .RAW(value: method)
        if let token { request.headers.add(name: "X-Auth-Token", value: token) }
        if let project { request.headers.add(name: "X-Project", value: project) }
        if let approval { request.headers.add(name: "X-Approval", value: approval) }
        if let idempotencyKey { request.headers.add(name: "Idempotency-Key", value: idempotencyKey) }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(data: body))
        }
        let (status, data) = try await exchange(request)
        let envelope: Envelope<Answer>
        do {
            envelope = try ValueDecoder.read(Envelope<Answer>.self, from: JSONValue(json: data))
        } catch {
            throw Failure(
                .unreachable, "\(address.base) does not answer as a KMS (HTTP status \(status)): is the address right?")
        }
        guard let answer = envelope.data else {
            let code = FailureCode(rawValue: envelope.code).map(Failure.Code.init)
            throw Failure(code ?? .other, "\(envelope.message) (\(envelope.code), request \(envelope.requestId))")
        }
        return answer
    }

    private func exchange(_ request: HTTPClientRequest) async throws -> (status: UInt, body: Data) {
        // A redirect could send the token to an address that the operator did not name.
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.redirectConfiguration = .disallow
        configuration.tlsConfiguration = tls
        // A refused connection is a final answer; it is not retried until the timeout.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let response = try await client.execute(request, timeout: timeout)
            let body = try await response.body.collect(upTo: Self.longestAnswer)
            try await client.shutdown()
            return (response.status.code, Data(buffer: body))
        } catch {
            try? await client.shutdown()
            throw Failure(.unreachable, "\(address.base) cannot be reached: \(error)")
        }
    }

    /// The envelope of every answer.
    private struct Envelope<Content: Decodable>: Decodable {
        let code: String
        let message: String
        let data: Content?
        let requestId: String
    }
}
