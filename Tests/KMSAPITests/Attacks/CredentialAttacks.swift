import Foundation
import HTTPTypes
import KMSTesting
import Testing

/// Attacks with forged or misused credentials.
enum CredentialAttacks {
    private static func presented(
        _ name: String, _ change: @escaping @Sendable (String) -> String
    ) -> Attack {
        Attack("a Manager's token, \(name)") { field in
            let answer = try await field.client.send(
                .get, "/api/v1/keys", as: .bearer(change(field.fixture.manager)))
            #expect(answer.status == 401)
            #expect(try answer.code == "UNAUTHENTICATED")
            #expect(try answer.json["data"] == nil)
        }
    }

    static let all: [Attack] = [
        presented("truncated by one character") { String($0.dropLast()) },
        presented("truncated to its prefix") { String($0.prefix(4)) },
        presented("with one more character") { $0 + "A" },
        presented("with another last character") { $0.dropLast() + ($0.last == "A" ? "B" : "A") },
        presented("in upper case") { $0.uppercased() },
        presented("with another prefix") { "kmt_" + $0.dropFirst(4) },
        presented("twice in a row") { $0 + $0 },
        presented("with a comma and another behind it") { "\($0), \($0)" },
        presented("percent-encoded") { $0.replacingOccurrences(of: "_", with: "%5F") },
        presented("as its own hash") { _ in String(repeating: "a", count: 64) },
        Attack("an empty token", .get, "/api/v1/keys", as: { _ in .bearer("") }, is: 401, "UNAUTHENTICATED"),
        Attack(
            "a token of a thousand characters", .get, "/api/v1/keys",
            as: { _ in .bearer("kms_" + String(repeating: "A", count: 1000)) }, is: 401, "UNAUTHENTICATED"),
        Attack(
            "a JSON Web Token without signature, where nobody believes any", .get, "/api/v1/keys",
            as: { _ in .bearer("eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYXJpYSJ9.") }, is: 401, "UNAUTHENTICATED"),
        Attack("a token that was revoked") { field in
            let list = try await field.client.send(.get, "/api/v1/subjects/bruno/credentials", as: .admin)
            let first = try #require(try (list.data["credentials"] as? [[String: Any]])?.first?["id"] as? String)
            #expect(try await field.client.send(.get, "/api/v1/keys", as: field.token("bruno")).status == 200)
            #expect(try await field.client.send(.delete, "/api/v1/credentials/\(first)", as: .admin).status == 200)
            #expect(try await field.client.send(.get, "/api/v1/keys", as: field.token("bruno")).status == 401)
        },
        Attack("a token that has expired") { field in
            let token: String = try await field.client.send(
                .post, "/api/v1/subjects/bruno/credentials", as: .admin, #"{"days": 1}"#
            ).data("token")
            #expect(try await field.client.send(.get, "/api/v1/keys", as: .bearer(token)).status == 200)
            field.fixture.clock.advance(by: .seconds(86_400 - 1))
            #expect(try await field.client.send(.get, "/api/v1/keys", as: .bearer(token)).status == 200)
            field.fixture.clock.advance(by: .seconds(1))
            #expect(try await field.client.send(.get, "/api/v1/keys", as: .bearer(token)).status == 401)
        },
        Attack("a token from a network that it does not name") { field in
            // A request in memory has no source address, so it is in no network.
            let token: String = try await field.client.send(
                .post, "/api/v1/subjects/bruno/credentials", as: .admin, #"{"networks": ["192.0.2.0/24"]}"#
            ).data("token")
            #expect(try await field.client.send(.get, "/api/v1/keys", as: .bearer(token)).status == 401)
        },
        Attack("a token of a disabled subject") { field in
            _ = try await field.client.send(.patch, "/api/v1/subjects/bruno", as: .admin, #"{"enabled": false}"#)
            #expect(try await field.client.send(.get, "/api/v1/keys", as: field.token("bruno")).status == 401)
            _ = try await field.client.send(.patch, "/api/v1/subjects/bruno", as: .admin, #"{"enabled": true}"#)
            #expect(try await field.client.send(.get, "/api/v1/keys", as: field.token("bruno")).status == 200)
        },
        Attack(
            "a token in the query", .get, "/api/v1/keys?X-Auth-Token=kms_x", as: { _ in .nobody }, is: 401,
            "UNAUTHENTICATED"),
        Attack("an idempotency key of another subject is sent again, to read what that subject was told") { field in
            let headers: HTTPFields = [HTTPField.Name("Idempotency-Key")!: "one"]
            let first = try await field.client.send(
                .post, "/api/v1/keys/private/rotate", as: .manager, headers: headers)
            #expect(first.status == 200)
            let second = try await field.client.send(
                .post, "/api/v1/keys/private/rotate", as: field.token("mallory"), headers: headers)
            #expect(second.status == 404)
            #expect(!second.text.contains(field.ids["private"] ?? "?"))
        },
        Attack("an idempotency key of one's own is sent again for another change") { field in
            let headers: HTTPFields = [HTTPField.Name("Idempotency-Key")!: "two"]
            #expect(
                try await field.client.send(.post, "/api/v1/keys/orders/rotate", headers: headers).status == 200)
            let other = try await field.client.send(.post, "/api/v1/keys/orders/disable", headers: headers)
            #expect(other.status == 422)
        },
    ]
}
