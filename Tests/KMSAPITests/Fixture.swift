import AWSKMSAPI
import Foundation
import HTTPServing
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import KMSAPI
import KMSTesting
import KeyManagement
import Logging
import NIOCore

/// A service on doubles, with one credential for each role, and its API.
struct Fixture: Sendable {
    let token: MemoryToken
    let store = MemoryKeyStore()
    let clock = ManualClock()
    let log = CapturedLog()
    let service: KeyService
    let manager: String
    let user: String
    let viewer: String
    let admin: String
    let audit = MemoryAuditLog()

    /// The gate that holds lists of keys; `nil` if they are not held.
    let gate: Gate?

    init(
        algorithms: Set<KeyAlgorithm> = MemoryToken.allAlgorithms, gate: Gate? = nil, limits: RateLimits = .none,
        imports: Bool = false
    ) async throws {
        self.gate = gate
        token = MemoryToken(algorithms: algorithms)
        let logger = log.logger
        let memory = store
        let store: any KeyStore = gate.map { GatedStore(store: memory, gate: $0) } ?? memory
        service = KeyService(
            token: imports ? ImportingToken(token: token) : token, store: store, audit: audit, clock: clock, limits: limits, recordLease: .zero, logger: logger)
        let directory = try await service.prepareDirectory(
            [
                FirstSubject(subject: try SubjectID("maria"), role: .manager),
                FirstSubject(subject: try SubjectID("ulf"), role: .user),
                FirstSubject(subject: try SubjectID("vera"), role: .viewer),
                FirstSubject(subject: try SubjectID("adam"), role: nil, isAdministrator: true),
            ], of: try ProjectID("shop"))
        try await service.initializeStore(with: directory)
        let tokens = directory.tokens.map { $0.withText { String(decoding: $0, as: UTF8.self) } }
        (manager, user, viewer, admin) = (tokens[0], tokens[1], tokens[2], tokens[3])
    }

    func application(_ configuration: APIConfiguration = APIConfiguration()) -> some ApplicationProtocol {
        makeServer(of: doors(to: service), service: service, configuration: configuration, logger: log.logger)
    }

    /// Runs `body` with a client that calls the router.
    func run(_ body: @Sendable (Client) async throws -> Void) async throws {
        try await application().test(.router) { try await body(Client(client: $0, fixture: self)) }
    }

    /// Runs `body` with a client that calls a server on a socket.
    func runLive(
        _ configuration: APIConfiguration = APIConfiguration(), _ body: @Sendable (Client) async throws -> Void
    ) async throws {
        try await application(configuration).test(.live) { try await body(Client(client: $0, fixture: self)) }
    }
}

/// Calls the API as one of the fixture's subjects.
struct Client: Sendable {
    let client: any TestClientProtocol
    let fixture: Fixture

    enum Subject {
        case manager, user, viewer, admin, nobody
        /// The subject with this bearer token.
        case bearer(String)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, as subject: Subject = .manager, _ json: String? = nil,
        headers: HTTPFields = [:], data: [UInt8]? = nil
    ) async throws -> Answer {
        var headers = headers
        switch subject {
        case .manager: headers[.authToken] = fixture.manager
        case .user: headers[.authToken] = fixture.user
        case .viewer: headers[.authToken] = fixture.viewer
        case .admin: headers[.authToken] = fixture.admin
        case .bearer(let token): headers[.authToken] = token
        case .nobody: break
        }
        let body = data.map { ByteBuffer(bytes: $0) } ?? json.map { ByteBuffer(string: $0) }
        if json != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        return try await client.execute(uri: path, method: method, headers: headers, body: body) { response in
            Answer(status: response.status.code, headers: response.headers, text: String(buffer: response.body))
        }
    }

    /// Makes a key and returns its id.
    @discardableResult
    func createKey(_ name: String = "orders", _ algorithm: String = "AES256-GCM96") async throws -> String {
        let answer = try await send(
            .post, "/api/v1/keys", #"{"name": "\#(name)", "algorithm": "\#(algorithm)"}"#)
        return try answer.data("id")
    }
}

/// An answer, read by Foundation's JSON decoder and not by the product's.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let text: String

    var json: [String: Any] {
        get throws { try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:] }
    }
    var code: String { get throws { try json["code"] as? String ?? "(none)" } }
    var message: String { get throws { try json["message"] as? String ?? "(none)" } }
    var data: [String: Any] { get throws { try json["data"] as? [String: Any] ?? [:] } }

    struct Missing: Error {
        let field: String
        let answer: String
    }

    func data<Value>(_ field: String, as type: Value.Type = String.self) throws -> Value {
        guard let value = try data[field] as? Value else { throw Missing(field: field, answer: text) }
        return value
    }

    func bytes(_ field: String) throws -> [UInt8] {
        guard let data = Data(base64Encoded: try data(field)) else { throw Missing(field: field, answer: text) }
        return Array(data)
    }
}

extension HTTPField.Name {
    static let authToken = HTTPField.Name("X-Auth-Token")!
    static let requestID = HTTPField.Name("X-Request-Id")!
    static let contentTypeOptions = HTTPField.Name("X-Content-Type-Options")!
}

func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

/// The doors of `kms serve`.
func doors(to service: KeyService) -> [any Door] { [AWSDoor(service: service), NativeDoor(service: service)] }
