import AsyncHTTPClient
import Foundation
import KMSTesting
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import ServiceTesting

/// Sends documented examples to a service.
///
/// A documented request names ids that an earlier documented answer contains. The service gave others in their places, which are sent
/// instead. Everything else is sent as it is documented.
final class ExampleWalk {
    let examples: [String: DocumentedExample]
    private(set) var faults: [String] = []
    /// The answers of the service as text, by operation id.
    private(set) var answers: [String: String] = [:]
    /// The documented texts by those of the service.
    private(set) var documentedTexts: [String: String] = [:]

    /// The texts of the service by the documented ones.
    private var actualTexts: [String: String] = [:]
    private let service: Service
    private var tokens: [String: String] = [:]

    init(_ service: Service) async throws {
        self.service = service
        let document = try await Self.send(HTTPClientRequest(url: service.url + "/openapi.json"))
        examples = try DocumentedExample.all(in: try JSON.read(document.text))
        for name in ["admin", "manager", "user"] {
            tokens[name] = try String(
                contentsOfFile: service.machine.path("credentials/\(name).token"), encoding: .utf8)
        }
    }

    /// Sends an example, and compares its answer.
    ///
    /// - Parameters:
    ///   - caller: the caller; nil for one that has the required role and no higher one.
    ///   - body: replaces parts of the documented body, for a body that no document can have.
    func take(_ id: String, as caller: String? = nil, replacing body: [String: JSON] = [:]) async throws {
        guard let example = examples[id] else { throw CommandFailure("\(id) is not in the document") }
        var path = example.template
        for (name, value) in example.parameters { path = path.replacing("{\(name)}", with: actual(value)) }
        let query = example.query.map { "\($0.name)=\(Self.encoded($0.value))" }.joined(separator: "&")
        var request = HTTPClientRequest(url: service.url + path + (query.isEmpty ? "" : "?" + query))
        request.method = .RAW(value: example.method)
        if let token = tokens[caller ?? Self.caller(with: example.role)] {
            request.headers.add(name: "X-Auth-Token", value: token)
        }
        for header in example.headers { request.headers.add(name: header.name, value: header.value) }
        if let documented = example.body {
            let sent = JSON.object(actual(documented).fields.merging(body) { $1 })
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(data: try JSONEncoder().encode(sent)))
        }
        let answer = try await Self.send(request)
        answers[id] = answer.text
        guard answer.status == example.status else {
            faults.append("\(id): the status is \(answer.status), not \(example.status): \(answer.text)")
            return
        }
        let comparison = ExampleComparison(example.answer, try JSON.read(answer.text), isExcerpt: id == "document")
        for (documented, actual) in comparison.actualTexts { learn(documented, is: actual) }
        faults += comparison.faults.map { "\(id): \($0)" }
    }

    /// Sends a request that no example has, which must be answered with this status.
    @discardableResult
    func setUp(
        _ method: String, _ path: String, _ body: String? = nil, as caller: String = "manager", status: UInt = 200
    ) async throws -> JSON {
        var request = HTTPClientRequest(url: service.url + "/api/v1/" + path)
        request.method = .RAW(value: method)
        if let token = tokens[caller] { request.headers.add(name: "X-Auth-Token", value: token) }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        let answer = try await Self.send(request)
        guard answer.status == status else {
            throw CommandFailure("\(method) \(path): \(answer.status): \(answer.text)")
        }
        return try JSON.read(answer.text)
    }

    /// Sends `actual` where the documented requests name `documented`.
    func learn(_ documented: String, is actual: String) {
        actualTexts[documented] = actual
        documentedTexts[actual] = documented
    }

    /// Creates a subject with a credential, so that `name` can be a caller.
    func addCaller(_ name: String, _ subject: String, role: String?) async throws {
        try await setUp("POST", "subjects", subject, as: "admin", status: 201)
        let id = try JSON.read(subject)["name"]?.text ?? ""
        if let role {
            try await setUp("PUT", "projects/default/roles/subjects/\(id)", #"{"role":"\#(role)"}"#, as: "admin")
        }
        let issued = try await setUp("POST", "subjects/\(id)/credentials", "{}", as: "admin", status: 201)
        tokens[name] = issued["data"]?["token"]?.text
    }

    /// Returns the caller with a role and no higher one.
    private static func caller(with role: String) -> String {
        switch role {
        case "administrator": "admin"
        case "authenticated": "manager"
        case "none": ""
        default: role
        }
    }

    private func actual(_ text: String) -> String { actualTexts[text] ?? text }

    private func actual(_ value: JSON) -> JSON {
        switch value {
        case .text(let text): .text(actual(text))
        case .list(let items): .list(items.map { actual($0) })
        case .object(let fields): .object(fields.mapValues { actual($0) })
        default: value
        }
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }

    private static func send(_ request: HTTPClientRequest) async throws -> (status: UInt, text: String) {
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 4 << 20)
        return (response.status.code, String(buffer: bytes))
    }
}
