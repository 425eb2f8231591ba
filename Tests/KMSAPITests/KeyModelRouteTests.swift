import Foundation
import HTTPTypes
import Testing

@testable import HTTPServing
@testable import KMSAPI

/// The features of the whole key model, through the API: signatures, MACs, batches, aliases, repetition.
@Suite struct KeyModelRouteTests {
    private static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    private static let replayed = HTTPField.Name("Idempotent-Replayed")!

    @Test func `a signature verifies in both forms, over message and digest, and not over anything else`() async throws
    {
        try await Fixture().run { client in
            try await client.createKey("s", "EC-P256")
            let path = "/api/v1/keys/s"
            for form in ["der", "raw"] {
                let signed = try await client.send(
                    .post, path + "/sign", #"{"message": "aGVsbG8=", "form": "\#(form)"}"#)
                #expect(try signed.data("algorithm") == "ECDSA_SHA_256")
                let signature: String = try signed.data("signature")
                #expect(try form == "der" || signed.bytes("signature").count == 64)
                // SHA-256 of "hello", computed by sha256sum.
                let digest = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
                for (input, isValid) in [
                    (#""message": "aGVsbG8=""#, true), (#""digest": "\#(digest)""#, true),
                    (#""message": "aGVsbG9v""#, false),
                ] {
                    let verified = try await client.send(
                        .post, path + "/verify",
                        #"{\#(input), "signature": "\#(signature)", "form": "\#(form)"}"#)
                    #expect(try verified.data("valid", as: Bool.self) == isValid)
                }
            }
            for (body, code) in [
                (#"{}"#, "INVALID_REQUEST"), (#"{"digest": "AQ=="}"#, "INVALID_REQUEST"),
                (#"{"message": "AQ==", "digest": "AQ=="}"#, "INVALID_REQUEST"),
                (#"{"message": "AQ==", "algorithm": "ECDSA_SHA_384"}"#, "USAGE_FORBIDS"),
                (#"{"message": "AQ==", "algorithm": "ROT13"}"#, "INVALID_REQUEST"),
            ] { #expect(try await client.send(.post, path + "/sign", body).code == code) }
            #expect(try await client.send(.post, path + "/encrypt", #"{"plaintext": "AQ=="}"#).code == "USAGE_FORBIDS")
            #expect(try await client.send(.post, path + "/data-key").code == "USAGE_FORBIDS")
        }
    }

    @Test func `a message of 64 KiB is signed, a longer one is not`() async throws {
        try await Fixture().run { client in
            try await client.createKey("s", "EC-P384")
            for (count, status) in [(65536, 200), (65537, 400)] {
                let message = base64(String(repeating: "a", count: count))
                #expect(
                    try await client.send(.post, "/api/v1/keys/s/sign", #"{"message": "\#(message)"}"#).status == status
                )
            }
        }
    }

    @Test func `an HMAC verifies, and a changed one does not`() async throws {
        try await Fixture().run { client in
            try await client.createKey("m", "HMAC-SHA384")
            let mac: String = try await client.send(.post, "/api/v1/keys/m/hmac", #"{"message": "aGVsbG8="}"#).data(
                "hmac")
            for (message, isValid) in [("aGVsbG8=", true), ("aGVsbG9v", false)] {
                let answer = try await client.send(
                    .post, "/api/v1/keys/m/verify-hmac", #"{"message": "\#(message)", "hmac": "\#(mac)", "version": 1}"#
                )
                #expect(try answer.data("valid", as: Bool.self) == isValid)
            }
            #expect(try await client.send(.get, "/api/v1/keys/m/public-key").code == "USAGE_FORBIDS")
        }
    }

    @Test func `a batch has a result for each item, in order, and what fails fails alone`() async throws {
        try await Fixture().run { client in
            try await client.createKey()
            let path = "/api/v1/keys/orders/batch/"
            let encrypted = try await client.send(
                .post, path + "encrypt",
                #"{"items": [{"plaintext": "AQ=="}, {"plaintext": ""}, {"plaintext": "Ag=="}]}"#)
            #expect(try encrypted.data("failures", as: Int.self) == 1)
            let results = try encrypted.data("results", as: [[String: Any]].self)
            #expect(results[1]["code"] as? String == "INVALID_REQUEST")
            let texts = results.compactMap { $0["ciphertext"] as? String }
            #expect(texts.count == 2)
            let decrypted = try await client.send(
                .post, "/api/v1/batch/decrypt",
                #"{"items": [{"ciphertext": "\#(texts[1])"}, {"ciphertext": "x"}, {"ciphertext": "\#(texts[0])"}]}"#)
            let plaintexts = try decrypted.data("results", as: [[String: Any]].self)
            #expect(plaintexts.map { $0["plaintext"] as? String } == ["Ag==", nil, "AQ=="])
            #expect(plaintexts[1]["code"] as? String == "DECRYPTION_FAILED")
            let moved = try await client.send(
                .post, path + "re-encrypt",
                #"{"items": [{"ciphertext": "\#(texts[0])", "context": {"a": "b"}}, {"ciphertext": ""}]}"#)
            #expect(try moved.data("failures", as: Int.self) == 1)
            let keys = try await client.send(.post, path + "data-key", #"{"items": [{}, {"bytes": 16}]}"#)
            #expect(try keys.data("results", as: [[String: Any]].self).count == 2)
        }
    }

    @Test func `a batch has 1 to 1000 items`() async throws {
        try await Fixture().run { client in
            try await client.createKey()
            for (count, status) in [(0, 400), (1, 200), (1000, 200), (1001, 400)] {
                let items = [String](repeating: "{}", count: count).joined(separator: ",")
                let answer = try await client.send(
                    .post, "/api/v1/keys/orders/batch/data-key", #"{"items": [\#(items)]}"#)
                #expect(answer.status == status, "\(count) items: \(answer.text.prefix(200))")
            }
        }
    }

    @Test(arguments: [
        #"{"bytes": 0}"#, #"{"bytes": "16"}"#, #"{"unknown": {"a": [1, -2.5e3, true, null, "\"]"]}}"#, "[]", "7",
        #""text""#,
        #"{"bytes": 16, "bytes": 16}"#,
    ]) func `an item of another shape fails alone`(_ item: String) async throws {
        try await Fixture().run { client in
            try await client.createKey()
            let path = "/api/v1/keys/orders/batch/data-key"
            let answer = try await client.send(.post, path, #"{"items": [{}, \#(item) , {"bytes": 20}]}"#)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(try answer.data("failures", as: Int.self) == 1)
            let results = try answer.data("results", as: [[String: Any]].self)
            #expect(results.count == 3 && results[0]["plaintext"] != nil && results[2]["plaintext"] != nil)
            #expect(results[1]["code"] as? String == "INVALID_REQUEST")
            #expect((results[1]["message"] as? String)?.hasPrefix("items[1]: ") == true, "\(results[1])")
            // Without an item of the shape, there is nothing to do.
            let alone = try await client.send(.post, path, #"{"items": [\#(item)]}"#)
            #expect(alone.status == 400)
            #expect(try alone.message.hasPrefix("items[0]: "), "\(alone.text)")
        }
    }

    @Test func `an item that is no JSON fails the request`() async throws {
        let nested = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        try await Fixture().run { client in
            try await client.createKey()
            for item in ["{", "{]", "tru", #"{"a": 1,}"#, #"{"a" 1}"#, "[1 2]", "\"\u{1}\"", "", nested] {
                let answer = try await client.send(
                    .post, "/api/v1/keys/orders/batch/data-key", #"{"items": [{}, \#(item), {}]}"#)
                #expect(answer.status == 400, "\(item): \(answer.text)")
            }
        }
    }

    @Test func `signatures and MACs come in batches, too`() async throws {
        try await Fixture().run { client in
            try await client.createKey("s", "EC-P521")
            try await client.createKey("m", "HMAC-SHA256")
            let signed = try await client.send(
                .post, "/api/v1/keys/s/batch/sign",
                #"{"items": [{"message": "AQ=="}, {"digest": "AQ=="}], "form": "raw"}"#)
            let results = try signed.data("results", as: [[String: Any]].self)
            let signature = try #require(results[0]["signature"] as? String)
            #expect(results[1]["code"] as? String == "INVALID_REQUEST")
            let verified = try await client.send(
                .post, "/api/v1/keys/s/batch/verify",
                #"{"items": [{"message": "AQ==", "signature": "\#(signature)"}, {"message": "Ag==", "signature": "\#(signature)"}], "form": "raw"}"#
            )
            #expect(
                try verified.data("results", as: [[String: Any]].self).map { $0["valid"] as? Bool } == [true, false])
            let macs = try await client.send(
                .post, "/api/v1/keys/m/batch/hmac", #"{"items": [{"message": "AQ=="}, {"message": ""}]}"#)
            let codes = try macs.data("results", as: [[String: Any]].self).compactMap { $0["hmac"] as? String }
            let checked = try await client.send(
                .post, "/api/v1/keys/m/batch/verify-hmac",
                #"{"items": [{"message": "AQ==", "hmac": "\#(codes[0])"}, {"message": "AQ==", "hmac": "\#(codes[1])"}]}"#
            )
            #expect(
                try checked.data("results", as: [[String: Any]].self).map { $0["valid"] as? Bool } == [true, false])
            let foreign = try await client.send(
                .post, "/api/v1/keys/m/batch/hmac", #"{"items": [], "form": "raw"}"#)
            #expect(try foreign.message == "form is not taken in this batch")
        }
    }

    @Test func `a request with an idempotency key is done once and answered twice, with the same words`() async throws {
        try await Fixture().run { client in
            let headers: HTTPFields = [Self.idempotencyKey: "order-1"]
            let first = try await client.send(.post, "/api/v1/keys", #"{"name": "k"}"#, headers: headers)
            let again = try await client.send(.post, "/api/v1/keys", #"{"name": "k"}"#, headers: headers)
            #expect(first.status == 201 && again.status == 201)
            #expect(first.headers[.location] == again.headers[.location])
            #expect(first.headers[Self.replayed] == nil && again.headers[Self.replayed] == "true")
            #expect(try first.data as NSDictionary == again.data as NSDictionary)
            let other = try await client.send(.post, "/api/v1/keys", #"{"name": "l"}"#, headers: headers)
            #expect(try other.status == 422 && other.code == "IDEMPOTENCY_MISMATCH")
            let rotate = try await client.send(.post, "/api/v1/keys/k/rotate", headers: headers)
            #expect(rotate.status == 422)
            for bad in ["a b", String(repeating: "x", count: 256)] {
                let answer = try await client.send(
                    .post, "/api/v1/keys", #"{"name": "m"}"#, headers: [Self.idempotencyKey: bad])
                #expect(try answer.code == "INVALID_REQUEST")
            }
        }
    }

    @Test func `an alias is set, moved, listed and deleted`() async throws {
        try await Fixture().run { client in
            let one = try await client.createKey("one")
            let two = try await client.createKey("two")
            for (name, id) in [("one", one), ("two", two)] {
                let answer = try await client.send(.put, "/api/v1/aliases/current", #"{"key": "\#(name)"}"#)
                #expect(try answer.data("keyId") == id)
                #expect(try await client.send(.get, "/api/v1/keys/current").data("id") == id)
            }
            let list = try await client.send(.get, "/api/v1/aliases?key=two")
            #expect(try list.data("aliases", as: [[String: Any]].self).count == 1)
            #expect(try await client.send(.put, "/api/v1/aliases/one", #"{"key": "two"}"#).code == "KEY_NAME_TAKEN")
            #expect(try await client.send(.post, "/api/v1/keys", #"{"name": "current"}"#).code == "KEY_NAME_TAKEN")
            #expect(try await client.send(.delete, "/api/v1/aliases/current").status == 200)
            #expect(try await client.send(.get, "/api/v1/aliases/current").code == "ALIAS_NOT_FOUND")
        }
    }

    @Test func `tags and rotation are set, shown and searched`() async throws {
        try await Fixture().run { client in
            try await client.createKey("plain")
            let made = try await client.send(
                .post, "/api/v1/keys", #"{"name": "k", "tags": {"team": "a \"b\""}, "rotationDays": 90}"#)
            #expect(try made.data("tags", as: [String: String].self) == ["team": #"a "b""#])
            #expect(try made.data("nextRotationAt") == "2026-04-01T00:00:00.000Z")
            for (query, names) in [
                ("tag=team", ["k"]), ("tag=team%3Da%20%22b%22", ["k"]), ("tag=team%3Dx", []),
                ("rotationDueBefore=2026-04-02", ["k"]), ("rotationDueBefore=2026-04-01", []),
                ("state=active&algorithm=AES256-GCM96&enabled=true", ["k", "plain"]), ("usage=signVerify", []),
            ] {
                let page = try await client.send(.get, "/api/v1/keys?" + query)
                #expect(
                    try page.data("keys", as: [[String: Any]].self).map { $0["name"] as? String } == names, "\(query)")
            }
            for query in [
                "state=gone", "enabled=maybe", "rotationDueBefore=2026-02-30", "rotationDueBefore=soon", "color=red",
            ] {
                #expect(try await client.send(.get, "/api/v1/keys?" + query).code == "INVALID_REQUEST")
            }
            #expect(try await client.send(.patch, "/api/v1/keys/k", #"{"rotationDays": 0, "tags": {}}"#).status == 200)
            #expect(try await client.send(.get, "/api/v1/keys?tag=team").data("keys", as: [Any].self).isEmpty)
        }
    }

    @Test func `random bytes are as many as asked for`() async throws {
        try await Fixture().run { client in
            for (count, status) in [(0, 400), (1, 200), (1024, 200), (1025, 400)] {
                let answer = try await client.send(.post, "/api/v1/random", as: .user, #"{"bytes": \#(count)}"#)
                #expect(answer.status == status)
                if status == 200 { #expect(try answer.bytes("plaintext").count == count) }
            }
            #expect(try await client.send(.post, "/api/v1/random", as: .viewer, #"{"bytes": 1}"#).status == 403)
        }
    }
}
