import HTTPTypes
import KMSTesting
import KeyManagement
import Testing

@Suite struct AccessTests {
    @Test(arguments: [
        (HTTPRequest.Method.get, "/api/v1/keys"), (.post, "/api/v1/keys"), (.get, "/api/v1/keys/orders"),
        (.patch, "/api/v1/keys/orders"), (.post, "/api/v1/keys/orders/rotate"),
        (.get, "/api/v1/keys/orders/versions"), (.get, "/api/v1/keys/orders/versions/1"),
        (.post, "/api/v1/keys/orders/data-key"), (.post, "/api/v1/keys/orders/encrypt"),
        (.post, "/api/v1/keys/orders/decrypt"), (.post, "/api/v1/decrypt"), (.get, "/api/v1/nothing"),
        (.delete, "/api/v1/keys"), (.get, "/nothing"), (.get, "/"), (.options, "/api/v1/keys"),
        (.get, "/api/v1/keys/%zz"), (.get, "/api/v1/keys?limit=0"),
    ])
    func `without a credential nothing is told: not what there is, not what there is not, not what is allowed`(
        method: HTTPRequest.Method, path: String
    ) async throws {
        try await Fixture().run { client in
            let answers = [
                try await client.send(method, path, as: .nobody),
                try await client.send(method, path, as: .nobody, "not json", headers: [.authToken: "wrong"]),
                try await client.send(
                    method, path, as: .nobody,
                    headers: [.authToken: "kms_" + String(repeating: "A", count: 43), .requestID: "r"]),
            ]
            for answer in answers {
                #expect(answer.status == 401)
                #expect(try answer.code == "UNAUTHENTICATED")
                #expect(answer.headers[.wwwAuthenticate] == "Bearer")
                #expect(try answer.json["data"] == nil)
            }
        }
    }

    @Test func `both headers are understood, and the scheme in any case`() async throws {
        let fixture = try await Fixture()
        try await fixture.run { client in
            for headers: HTTPFields in [
                [.authToken: fixture.viewer], [.authorization: "Bearer \(fixture.viewer)"],
                [.authorization: "bearer  \(fixture.viewer)"],
                [.authorization: "Bearer \(fixture.viewer)", .authToken: fixture.viewer],
                [.authorization: "Basic dXNlcg==", .authToken: fixture.viewer],
            ] {
                #expect(try await client.send(.get, "/api/v1/keys", as: .nobody, headers: headers).status == 200)
            }
            for value in ["Basic \(fixture.viewer)", "Bearer", "Bearer\(fixture.viewer)", fixture.viewer, ""] {
                let answer = try await client.send(
                    .get, "/api/v1/keys", as: .nobody, headers: [.authorization: value])
                #expect(answer.status == 401)
            }
        }
    }

    @Test func `two credentials in one request are refused, even two that are alike in the same header`() async throws {
        let fixture = try await Fixture()
        try await fixture.run { client in
            let bearer = HTTPField(name: .authorization, value: "Bearer \(fixture.user)")
            let token = HTTPField(name: .authToken, value: fixture.viewer)
            for fields in [[bearer, token], [token, token], [bearer, bearer]] {
                let answer = try await client.send(.get, "/api/v1/keys", as: .nobody, headers: HTTPFields(fields))
                #expect(answer.status == 400)
                #expect(try answer.code == "INVALID_REQUEST")
            }
        }
    }

    @Test func `a user may use keys and not make them; a viewer may see them and not use them`() async throws {
        try await Fixture().run { client in
            try await client.createKey()
            let plaintext = #"{"plaintext": "QUJD"}"#
            let refusals: [(Client.Subject, HTTPRequest.Method, String, String?)] = [
                (.user, .post, "keys", #"{"name": "mine"}"#), (.user, .patch, "keys/orders", #"{"name": "mine"}"#),
                (.user, .post, "keys/orders/rotate", nil), (.viewer, .post, "keys/orders/encrypt", plaintext),
                (.viewer, .post, "keys/orders/data-key", nil), (.viewer, .post, "decrypt", #"{"ciphertext": "QUJD"}"#),
                (.viewer, .post, "keys/orders/decrypt", #"{"ciphertext": "QUJD"}"#),
            ]
            for (subject, method, path, body) in refusals {
                let answer = try await client.send(method, "/api/v1/\(path)", as: subject, body)
                #expect(answer.status == 403)
                #expect(try answer.code == "ACCESS_DENIED")
            }
            #expect(try await client.send(.post, "/api/v1/keys/orders/encrypt", as: .user, plaintext).status == 200)
            #expect(try await client.send(.get, "/api/v1/keys/orders", as: .viewer).status == 200)
        }
    }
}
