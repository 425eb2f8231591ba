import HTTPTypes
import KMSTesting
import KeyManagement
import Testing

@testable import HTTPServing
@testable import KMSAPI

/// The state table, tested through the API: every state of a version with every request.
@Suite struct StateRouteTests {
    /// The resulting state of a verb on a version in a state; `nil` if the verb is refused.
    struct Step: Sendable, CustomTestStringConvertible {
        let state: VersionState
        let verb: String
        let next: String?

        var testDescription: String { "\(verb) in \(state.rawValue)" }
    }

    static let steps: [Step] = {
        let table: [String: [VersionState: String]] = [
            "activate": [.deactivated: "active"],
            "deactivate": [.active: "deactivated"],
            "schedule-destruction": [.deactivated: "pendingDestruction"],
            "cancel-destruction": [.pendingDestruction: "deactivated"],
            "destroy": [.pendingDestruction: "destroyed"],
        ]
        return VersionState.allCases.flatMap { state in
            table.sorted { $0.key < $1.key }.map { Step(state: state, verb: $0.key, next: $0.value[state]) }
        }
    }()

    /// Returns a key whose version 1 is in a state, with a ciphertext of it. In other states, version 2 is the default version.
    private func key(in state: VersionState, _ client: Client) async throws -> (path: String, ciphertext: String) {
        try await client.createKey()
        let path = "/api/v1/keys/orders"
        let ciphertext: String = try await client.send(.post, path + "/encrypt", #"{"plaintext": "AQID"}"#)
            .data("ciphertextText")
        if state == .active { return (path, ciphertext) }
        #expect(try await client.send(.post, path + "/rotate").status == 200)
        if state == .deactivated { return (path, ciphertext) }
        #expect(try await client.send(.post, path + "/versions/1/schedule-destruction").status == 200)
        client.fixture.clock.advance(by: .seconds(30 * 86_400))
        if state == .destroyed { #expect(try await client.send(.post, path + "/versions/1/destroy").status == 200) }
        return (path, ciphertext)
    }

    @Test(arguments: steps) func `a version goes where the state table leads, and nowhere else`(_ step: Step)
        async throws
    {
        try await Fixture().run { client in
            let (path, _) = try await key(in: step.state, client)
            let before = try await client.send(.get, path + "/versions/1")
            #expect(try before.data("state") == step.state.rawValue)
            let answer = try await client.send(
                .post, path + "/versions/1/" + step.verb, #"{"reason": "cessationOfOperation", "comment": "why"}"#)
            let after = try await client.send(.get, path + "/versions/1")
            guard let next = step.next else {
                #expect(try answer.status == 409 && answer.code == "STATE_FORBIDS")
                #expect(try after.data("changedAt") == before.data("changedAt", as: String.self), "nothing changed")
                return
            }
            #expect(answer.status == 200)
            let version = try answer.data("version", as: [String: Any].self)
            #expect(version["state"] as? String == next)
            #expect(try after.data("state") == next)
            // A destruction keeps the reason that was given when it was scheduled.
            if step.verb != "destroy" { #expect(try after.data("reason") == "cessationOfOperation") }
            if step.verb == "activate" {
                #expect(try await client.send(.get, path + "/versions/2").data("state") == "deactivated")
                #expect(try answer.data("defaultVersion", as: Int.self) == 1)
            }
        }
    }

    @Test(arguments: VersionState.allCases)
    func `a version encrypts and decrypts as the state table says`(_ state: VersionState) async throws {
        try await Fixture().run { client in
            let (path, ciphertext) = try await key(in: state, client)
            let decrypted = try await client.send(.post, "/api/v1/decrypt", #"{"ciphertext": "\#(ciphertext)"}"#)
            let mayDecrypt = state == .active || state == .deactivated
            #expect(decrypted.status == (mayDecrypt ? 200 : 409))
            let encrypted = try await client.send(.post, path + "/encrypt", #"{"plaintext": "AQID"}"#)
            #expect(try encrypted.data("version", as: Int.self) == (state == .active ? 1 : 2))
        }
    }

    @Test func `a destruction is not done before its day, however often it is asked for`() async throws {
        try await Fixture().run { client in
            let (path, _) = try await key(in: .deactivated, client)
            let scheduled = try await client.send(.post, path + "/versions/1/schedule-destruction", #"{"days": 7}"#)
            let version = try scheduled.data("version", as: [String: Any].self)
            #expect(version["destroyAt"] as? String == "2026-01-08T00:00:00.000Z")
            #expect(try await client.send(.post, path + "/versions/1/destroy").code == "STATE_FORBIDS")
            client.fixture.clock.advance(by: .seconds(7 * 86_400))
            #expect(try await client.send(.post, path + "/versions/1/destroy").status == 200)
            let digest: String = try await client.send(.get, path + "/versions/1").data("blobDigest")
            #expect(digest.count == 64)
        }
    }

    @Test func `a key in pre-activation does nothing until it is activated`() async throws {
        try await Fixture().run { client in
            let made = try await client.send(.post, "/api/v1/keys", #"{"name": "k", "preActivation": true}"#)
            #expect(try made.data("state") == "preActivation")
            #expect(try await client.send(.post, "/api/v1/keys/k/data-key").code == "STATE_FORBIDS")
            #expect(try await client.send(.post, "/api/v1/keys/k/activate").data("state") == "active")
            #expect(try await client.send(.post, "/api/v1/keys/k/activate").code == "STATE_FORBIDS")
            #expect(try await client.send(.post, "/api/v1/keys/k/data-key").status == 200)
        }
    }

    @Test func `a query that the operation does not have is refused, and nothing is done`() async throws {
        try await Fixture().run { client in
            let (path, _) = try await key(in: .active, client)
            #expect(try await client.send(.post, path + "/disable?dryRun=true").code == "INVALID_REQUEST")
            #expect(try await client.send(.get, path).data("enabled", as: Bool.self) == true)
            #expect(try await client.send(.get, path + "/usage?x=1").code == "INVALID_REQUEST")
            #expect(try await client.send(.get, path + "/usage").status == 200)
        }
    }

    @Test func `a disabled key does nothing, whatever its versions are, until it is enabled`() async throws {
        try await Fixture().run { client in
            let (path, ciphertext) = try await key(in: .active, client)
            let answer = try await client.send(.post, path + "/disable", #"{"reason": "keyCompromise"}"#)
            #expect(try answer.data("enabled", as: Bool.self) == false)
            #expect(try answer.data("reason") == "keyCompromise")
            #expect(try answer.data("state") == "active", "its versions stay as they are")
            #expect(try await client.send(.post, path + "/disable").code == "STATE_FORBIDS")
            #expect(try await client.send(.post, path + "/encrypt", #"{"plaintext": "AQ=="}"#).code == "STATE_FORBIDS")
            let decrypt = try await client.send(.post, "/api/v1/decrypt", #"{"ciphertext": "\#(ciphertext)"}"#)
            #expect(try decrypt.code == "STATE_FORBIDS")
            #expect(try await client.send(.post, path + "/enable").status == 200)
            #expect(try await client.send(.post, "/api/v1/decrypt", #"{"ciphertext": "\#(ciphertext)"}"#).status == 200)
        }
    }

    @Test func `a key is deleted when nothing of it is left, and its name is free`() async throws {
        try await Fixture().run { client in
            let (path, _) = try await key(in: .active, client)
            #expect(try await client.send(.delete, path).code == "STATE_FORBIDS")
            #expect(try await client.send(.post, path + "/versions/1/deactivate").data("state") == "deactivated")
            #expect(try await client.send(.post, path + "/versions/1/schedule-destruction").status == 200)
            client.fixture.clock.advance(by: .seconds(30 * 86_400))
            #expect(try await client.send(.post, path + "/versions/1/destroy").data("state") == "destroyed")
            #expect(try await client.send(.post, path + "/rotate").code == "STATE_FORBIDS")
            #expect(try await client.send(.delete, path).status == 200)
            #expect(try await client.send(.get, path).status == 404)
            try await client.createKey()
        }
    }

    @Test func `a dry run foretells and changes nothing`() async throws {
        try await Fixture().run { client in
            let (path, _) = try await key(in: .active, client)
            let answer = try await client.send(.post, path + "/versions/1/deactivate", #"{"dryRun": true}"#)
            #expect(try answer.data("dryRun", as: Bool.self))
            let impact = try answer.data("impact", as: [String: Any].self)
            let versions = try #require(impact["versions"] as? [[String: Any]])
            #expect(versions.first?["stops"] as? [String] == ["encrypt"])
            let usage = try #require(versions.first?["usage"] as? [String: Any])
            #expect(usage["produced"] as? Int == 1 && usage["lastUsedAt"] as? String == "2026-01-01T00:00:00.000Z")
            #expect(try await client.send(.get, path).data("state") == "active")
        }
    }
}
