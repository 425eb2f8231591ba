import Foundation
import HTTPTypes
import KMSTesting
import KeyManagement
import Testing

/// An attempt that must not succeed.
struct Attack: Sendable, CustomTestStringConvertible {
    /// A sentence that describes the attack.
    let name: String
    /// Runs the attack. An expectation fails unless it ends as it must.
    let run: @Sendable (Battlefield) async throws -> Void

    init(_ name: String, _ run: @escaping @Sendable (Battlefield) async throws -> Void) {
        self.name = name
        self.run = run
    }

    var testDescription: String { name }

    /// Creates an attack of one request, which must get this answer and change nothing.
    ///
    /// - Parameter code: nil if only the status matters.
    init(
        _ name: String, _ method: HTTPRequest.Method, _ path: String, _ json: String? = nil,
        as who: @escaping @Sendable (Battlefield) -> Client.Subject, headers: HTTPFields = [:],
        is status: Int, _ code: String?
    ) {
        self.init(name) { field in
            let before = try await field.keyStates()
            let answer = try await field.client.send(
                method, field.filled(path), as: who(field), json.map(field.filled), headers: headers)
            #expect(answer.status == status, "\(answer.text)")
            if let code { #expect(try answer.code == code) }
            #expect(try await field.keyStates() == before, "an attack changes nothing")
        }
    }
}

/// Two projects with their people and keys. In `shop`: `orders`, `private` (access control on, for maria only), the service key of
/// `backup`. In `bank`: `vault`.
struct Battlefield: Sendable {
    let fixture: Fixture
    let client: Client
    /// The bearer tokens by subject, in addition to those of the fixture.
    let tokens: [String: String]
    /// The ids of keys by name.
    let ids: [String: String]
    /// The ciphertexts by the key's name.
    let ciphertexts: [String: String]

    static func prepare(_ client: Client) async throws -> Battlefield {
        func ask(_ method: HTTPRequest.Method, _ path: String, _ json: String? = nil, as who: Client.Subject = .admin)
            async throws
            -> Answer
        {
            let answer = try await client.send(method, "/api/v1" + path, as: who, json)
            guard (200..<300).contains(answer.status) else { throw Answer.Missing(field: path, answer: answer.text) }
            return answer
        }
        _ = try await ask(.post, "/projects", #"{"name": "bank"}"#)
        _ = try await ask(.post, "/groups", #"{"name": "auditors"}"#)
        var tokens: [String: String] = [:]
        let people = [
            (name: "bruno", kind: "user", service: "", project: "bank", role: "manager"),
            (name: "berta", kind: "user", service: "", project: "bank", role: "user"),
            (name: "agent", kind: "serviceAgent", service: "backup", project: "shop", role: "user"),
            (name: "mailer", kind: "serviceAgent", service: "mail", project: "shop", role: "manager"),
            (name: "mallory", kind: "user", service: "", project: "shop", role: "manager"),
            (name: "norole", kind: "user", service: "", project: "", role: ""),
        ]
        for person in people {
            let service = person.service.isEmpty ? "" : #", "service": "\#(person.service)""#
            _ = try await ask(.post, "/subjects", #"{"name": "\#(person.name)", "kind": "\#(person.kind)"\#(service)}"#)
            if !person.role.isEmpty {
                _ = try await ask(
                    .put, "/projects/\(person.project)/roles/subjects/\(person.name)", #"{"role": "\#(person.role)"}"#)
            }
            tokens[person.name] = try await ask(.post, "/subjects/\(person.name)/credentials").data("token")
        }
        var ids: [String: String] = [:]
        var ciphertexts: [String: String] = [:]
        for (name, token) in [
            ("orders", client.fixture.manager), ("private", client.fixture.manager), ("vault", tokens["bruno"] ?? ""),
        ] {
            ids[name] = try await ask(.post, "/keys", #"{"name": "\#(name)"}"#, as: .bearer(token)).data("id")
            ciphertexts[name] = try await ask(
                .post, "/keys/\(name)/encrypt", #"{"plaintext": "c2VjcmV0"}"#, as: .bearer(token)
            ).data("ciphertextText")
        }
        _ = try await ask(.put, "/keys/private/access", #"{"accessControl": true}"#, as: .manager)
        let agent = Client.Subject.bearer(tokens["agent"] ?? "")
        ids["service"] = try await ask(.put, "/service-key", as: agent).data("id")
        ciphertexts["service"] = try await ask(
            .post, "/keys/service.backup/encrypt", #"{"plaintext": "c2VjcmV0"}"#, as: agent
        ).data("ciphertextText")
        return Battlefield(
            fixture: client.fixture, client: client, tokens: tokens, ids: ids, ciphertexts: ciphertexts)
    }

    func token(_ name: String) -> Client.Subject { .bearer(tokens[name] ?? "") }

    /// Replaces placeholders: `{orders}` is the key's id, `{{orders}}` its ciphertext.
    func filled(_ text: String) -> String {
        var text = text
        for (name, ciphertext) in ciphertexts { text = text.replacingOccurrences(of: "{{\(name)}}", with: ciphertext) }
        for (name, id) in ids { text = text.replacingOccurrences(of: "{\(name)}", with: id) }
        return text
    }

    /// Returns the records of all keys.
    func keyStates() async throws -> [Sealed<KeyRecord>] {
        try await fixture.store.keys(in: ProjectID("shop"), after: nil, limit: 100)
            + fixture.store.keys(in: ProjectID("bank"), after: nil, limit: 100)
    }
}
