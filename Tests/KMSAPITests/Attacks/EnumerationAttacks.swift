import Foundation
import HTTPTypes
import KMSTesting
import KeyManagement
import Testing

/// Attempts to discover existing objects from the answers.
enum EnumerationAttacks {
    /// Returns an attack whose two answers may differ only in the caller's own input and the request id.
    private static func alike(
        _ name: String, _ method: HTTPRequest.Method, _ one: String, _ other: String, _ json: String? = nil,
        as who: @escaping @Sendable (Battlefield) -> Client.Subject
    ) -> Attack {
        Attack(name) { field in
            let answers = [
                try await field.client.send(
                    method, field.filled(one), as: who(field), json, headers: [.requestID: "r"]),
                try await field.client.send(
                    method, field.filled(other), as: who(field), json, headers: [.requestID: "r"]),
            ]
            #expect(answers[0].status == answers[1].status)
            #expect(try answers[0].code == answers[1].code)
            #expect(answers[0].headers == answers[1].headers)
            let named = [field.filled(one), field.filled(other)].map { $0.split(separator: "/")[3] }
            #expect(
                answers[0].text.replacingOccurrences(of: named[0], with: "KEY")
                    == answers[1].text.replacingOccurrences(of: named[1], with: "KEY"))
        }
    }

    private static let unknown = "00000000-0000-4000-8000-000000000000"

    static let all: [Attack] = [
        alike(
            "a key that lists others and one that there is not, by name", .get, "/api/v1/keys/private",
            "/api/v1/keys/nothing",
            as: { $0.token("mallory") }),
        alike(
            "a key that lists others and one that there is not, by id", .get, "/api/v1/keys/{private}",
            "/api/v1/keys/\(unknown)", as: { $0.token("mallory") }),
        alike(
            "a key of another project and one that there is not", .post, "/api/v1/keys/{vault}/data-key",
            "/api/v1/keys/\(unknown)/data-key", as: { _ in .user }),
        alike(
            "changing a key of another project and one that there is not", .post, "/api/v1/keys/{vault}/rotate",
            "/api/v1/keys/\(unknown)/rotate", as: { _ in .manager }),
        alike(
            "versions of a key that lists others and of one that there is not", .get, "/api/v1/keys/{private}/versions",
            "/api/v1/keys/\(unknown)/versions", as: { $0.token("mallory") }),
        Attack("ciphertexts of a foreign, a hidden and no key at all are told apart") { field in
            var texts: Set<String> = []
            let header = "01" + String(repeating: "ab", count: 16) + "00000001" + String(repeating: "cd", count: 44)
            let bytes = stride(from: 0, to: header.count, by: 2).map { place -> UInt8 in
                let start = header.index(header.startIndex, offsetBy: place)
                return UInt8(header[start..<header.index(start, offsetBy: 2)], radix: 16) ?? 0
            }
            for ciphertext in [
                field.ciphertexts["vault"] ?? "", field.ciphertexts["private"] ?? "", Data(bytes).base64EncodedString(),
                "x",
            ] {
                let answer = try await field.client.send(
                    .post, "/api/v1/decrypt", as: field.token("mallory"), #"{"ciphertext": "\#(ciphertext)"}"#,
                    headers: [.requestID: "r"])
                #expect(answer.status == 400)
                texts.insert(answer.text)
            }
            #expect(texts.count == 1, "\(texts)")
        },
        Attack("a list shows hidden keys, or their aliases") { field in
            _ = try await field.client.send(.put, "/api/v1/aliases/secret-name", as: .manager, #"{"key": "private"}"#)
            let keys = try await field.client.send(.get, "/api/v1/keys", as: field.token("mallory"))
            #expect(keys.status == 200 && !keys.text.contains("private") && keys.text.contains("orders"))
            let aliases = try await field.client.send(.get, "/api/v1/aliases", as: field.token("mallory"))
            #expect(aliases.status == 200 && !aliases.text.contains("secret-name"))
            #expect(
                try await field.client.send(.get, "/api/v1/aliases/secret-name", as: field.token("mallory")).status
                    == 404)
            let stolen = try await field.client.send(
                .put, "/api/v1/aliases/secret-name", as: field.token("mallory"), #"{"key": "orders"}"#)
            #expect(stolen.status == 409, "an alias is not taken away from a key that one does not see")
            #expect(
                try await field.client.send(.delete, "/api/v1/aliases/secret-name", as: field.token("mallory")).status
                    == 404)
        },
        Attack("a hidden key takes as many questions to the store as one that there is not") { field in
            let counting = CountingStore(store: field.fixture.store)
            let service = KeyService(
                token: field.fixture.token, store: counting, audit: field.fixture.audit, clock: field.fixture.clock,
                recordLease: .seconds(60), logger: field.fixture.log.logger)
            let roles = RoleGrants([try ProjectID("shop"): .user])
            let caller = Caller(
                Principal(profile: Profile(subject: try SubjectID("mallory"), kind: .subject(.user), roles: roles)),
                in: try ProjectID("shop"))
            func questions(_ reference: KeyReference) async throws -> Int {
                let before = counting.count
                await #expect(throws: KMSError.self) { try await service.issueDataKey(under: reference, by: caller) }
                return counting.count - before
            }
            let id = try #require(KeyID(field.ids["private"] ?? ""))
            let pairs: [(hidden: KeyReference, unknown: KeyReference)] = [
                (.id(id), .id(KeyID())), (.name(try KeyName("private")), .name(try KeyName("nothing"))),
            ]
            for (hidden, unknown) in pairs {
                // The first request fills the cache.
                _ = try await questions(hidden)
                #expect(try await questions(hidden) == questions(unknown))
            }
        },
    ]
}
