import Crypto
import Foundation
import HTTPTypes
import KMSTesting
import KeyManagement
import Testing

@Suite struct CryptoRouteTests {
    @Test func `a data key is issued for a request with no body at all, and its ciphertext decrypts to it`()
        async throws
    {
        try await Fixture().run { client in
            let id = try await client.createKey()
            let issued = try await client.send(.post, "/api/v1/keys/orders/data-key", as: .user)
            #expect(issued.status == 200)
            #expect(try issued.data("keyId") == id)
            #expect(try issued.data("version", as: Int.self) == 1)
            let plaintext = try issued.bytes("plaintext")
            #expect(plaintext.count == 32)
            let ciphertext: String = try issued.data("ciphertext")
            let text: String = try issued.data("ciphertextText")
            #expect(text == "kms:1:\(ciphertext)")

            for form in [ciphertext, text] {
                let decrypted = try await client.send(
                    .post, "/api/v1/decrypt", as: .user, #"{"ciphertext": "\#(form)"}"#)
                #expect(decrypted.status == 200)
                #expect(try decrypted.bytes("plaintext") == plaintext)
                #expect(try decrypted.data("keyId") == id)
                #expect(try decrypted.data("version", as: Int.self) == 1)
            }
        }
    }

    @Test(arguments: [
        ("{}", 32), (#"{"keySpec": "AES_256"}"#, 32), (#"{"keySpec": "AES_128"}"#, 16), (#"{"bytes": 1}"#, 1),
        (#"{"bytes": 1024}"#, 1024), (#" { "bytes" : 33 , "plaintext" : true } "#, 33),
    ])
    func `a data key is as long as it is asked to be`(body: String, count: Int) async throws {
        try await Fixture().run { client in
            try await client.createKey()
            let issued = try await client.send(.post, "/api/v1/keys/orders/data-key", as: .user, body)
            #expect(try issued.bytes("plaintext").count == count)
        }
    }

    @Test func `a data key without its plaintext is the ciphertext only`() async throws {
        try await Fixture().run { client in
            try await client.createKey()
            let issued = try await client.send(
                .post, "/api/v1/keys/orders/data-key", as: .user, #"{"plaintext": false, "context": {"a": "b"}}"#)
            #expect(issued.status == 200)
            #expect(try issued.data["plaintext"] == nil)
            let decrypted = try await client.send(
                .post, "/api/v1/decrypt", as: .user,
                #"{"ciphertext": "\#(try issued.data("ciphertext") as String)", "context": {"a": "b"}}"#)
            #expect(try decrypted.bytes("plaintext").count == 32)
        }
    }

    @Test(arguments: [
        #"{"bytes": 0}"#, #"{"bytes": 1025}"#, #"{"bytes": -1}"#, #"{"bytes": 1e3}"#, #"{"bytes": 3.0}"#,
        #"{"bytes": "32"}"#, #"{"bytes": 99999999999999999999}"#, #"{"keySpec": "AES_512"}"#,
        #"{"keySpec": 256}"#, #"{"keySpec": "AES_256", "bytes": 32}"#, #"{"plaintext": "no"}"#,
        #"{"plaintext": null}"#, #"{"bytes": 032}"#,
    ])
    func `a data key that cannot be is refused`(body: String) async throws {
        try await Fixture().run { client in
            try await client.createKey()
            let answer = try await client.send(.post, "/api/v1/keys/orders/data-key", as: .user, body)
            #expect(answer.status == 400)
            #expect(try answer.code == "INVALID_REQUEST")
        }
    }

    @Test func `what is encrypted is decrypted again, under the key and without naming it, after rotation too`()
        async throws
    {
        try await Fixture().run { client in
            let id = try await client.createKey()
            let body = #"{"plaintext": "\#(base64("attack at dawn"))", "context": {"user": "ü", "a": ""}}"#
            let encrypted = try await client.send(.post, "/api/v1/keys/\(id)/encrypt", as: .user, body)
            #expect(encrypted.status == 200)
            #expect(try encrypted.data("keyId") == id)
            #expect(try encrypted.data("version", as: Int.self) == 1)
            #expect(try encrypted.bytes("ciphertext").count == "attack at dawn".utf8.count + 49)
            let text: String = try encrypted.data("ciphertextText")
            _ = try await client.send(.post, "/api/v1/keys/orders/rotate")

            let request = #"{"context": {"a": "", "user": "\u00fc"}, "ciphertext": "\#(text)"}"#
            for path in ["/api/v1/decrypt", "/api/v1/keys/orders/decrypt", "/api/v1/keys/\(id)/decrypt"] {
                let decrypted = try await client.send(.post, path, as: .user, request)
                #expect(try decrypted.bytes("plaintext") == Array("attack at dawn".utf8))
                #expect(try decrypted.data("version", as: Int.self) == 1)
            }
        }
    }

    @Test func `a plaintext of 4,096 bytes is encrypted; one of 4,097, and an empty one, are refused`() async throws {
        try await Fixture().run { client in
            try await client.createKey()
            for (count, status) in [(4096, 200), (4097, 400), (0, 400)] {
                let plaintext = Data((0..<count).map { UInt8($0 % 251) })
                let answer = try await client.send(
                    .post, "/api/v1/keys/orders/encrypt", as: .user,
                    #"{"plaintext": "\#(plaintext.base64EncodedString())"}"#)
                #expect(answer.status == status)
                if status == 200 {
                    let decrypted = try await client.send(
                        .post, "/api/v1/decrypt", as: .user,
                        #"{"ciphertext": "\#(try answer.data("ciphertextText") as String)"}"#)
                    #expect(try decrypted.bytes("plaintext") == Array(plaintext))
                } else {
                    #expect(try answer.message.contains("\(count) bytes"))
                }
            }
        }
    }

    @Test(arguments: [
        "A", "AA", "AAA", "QR==", "QQ", "QQ= =", "Q Q=", "-_-_", "QQ==QQ==", "====", "ä", "QUJ=", "QQ==\\n",
    ])
    func `a plaintext that is not strict base64 is refused by name`(text: String) async throws {
        try await Fixture().run { client in
            try await client.createKey()
            let answer = try await client.send(
                .post, "/api/v1/keys/orders/encrypt", as: .user, #"{"plaintext": "\#(text)"}"#)
            #expect(answer.status == 400)
            #expect(try answer.message == "plaintext is not base64")
        }
    }

    @Test func `a shared secret is the one that the other side makes, and a bad public key is refused by name`()
        async throws
    {
        try await Fixture().run { client in
            let created = try await client.send(
                .post, "/api/v1/keys", as: .manager,
                #"{"name": "agreement", "algorithm": "EC-P521", "usage": "keyAgreement"}"#)
            #expect(created.status == 201)
            let told = try await client.send(.get, "/api/v1/keys/agreement/public-key", as: .user)
            let ours = try P521.KeyAgreement.PublicKey(derRepresentation: told.bytes("der"))
            let other = P521.KeyAgreement.PrivateKey()
            let der = other.publicKey.derRepresentation.base64EncodedString()
            let answer = try await client.send(
                .post, "/api/v1/keys/agreement/derive-shared-secret", as: .user, #"{"publicKey": "\#(der)"}"#)
            #expect(answer.status == 200)
            let expected = try other.sharedSecretFromKeyAgreement(with: ours).withUnsafeBytes { Array($0) }
            #expect(try answer.bytes("secret") == expected)
            let bad = try await client.send(
                .post, "/api/v1/keys/agreement/derive-shared-secret", as: .user, #"{"publicKey": "QUJD"}"#)
            #expect(bad.status == 400)
            #expect(try bad.message.contains("SubjectPublicKeyInfo"))
        }
    }

    @Test func `base64 with the slashes escaped, as some encoders write it, is understood`() async throws {
        try await Fixture().run { client in
            try await client.createKey()
            let encrypted = try await client.send(
                .post, "/api/v1/keys/orders/encrypt", as: .user, #"{"plaintext": "\/\/8\u003d"}"#)
            let decrypted = try await client.send(
                .post, "/api/v1/decrypt", as: .user,
                #"{"ciphertext": "\#(try encrypted.data("ciphertext") as String)"}"#)
            #expect(try decrypted.bytes("plaintext") == [0xFF, 0xFF])
        }
    }

    @Test func `every ciphertext that does not decrypt is answered alike`() async throws {
        try await Fixture().run { client in
            try await client.createKey()
            try await client.createKey("other")
            let encrypted = try await client.send(
                .post, "/api/v1/keys/orders/encrypt", as: .user, #"{"plaintext": "QUJD", "context": {"a": "b"}}"#)
            let good: String = try encrypted.data("ciphertext")
            var bent = try encrypted.bytes("ciphertext")
            bent[bent.count - 1] ^= 1
            var foreign = try encrypted.bytes("ciphertext")
            foreign[3] ^= 1
            let requests = [
                ("decrypt", #"{"ciphertext": "\#(good)"}"#),
                ("decrypt", #"{"ciphertext": "\#(good)", "context": {"a": "c"}}"#),
                ("keys/other/decrypt", #"{"ciphertext": "\#(good)", "context": {"a": "b"}}"#),
                ("decrypt", #"{"ciphertext": "\#(Data(bent).base64EncodedString())", "context": {"a": "b"}}"#),
                ("decrypt", #"{"ciphertext": "\#(Data(foreign).base64EncodedString())", "context": {"a": "b"}}"#),
                ("decrypt", #"{"ciphertext": "kms:2:\#(good)", "context": {"a": "b"}}"#),
                ("decrypt", #"{"ciphertext": "", "context": {"a": "b"}}"#),
                ("decrypt", #"{"ciphertext": "no ciphertext at all"}"#),
            ]
            var bodies: Set<String> = []
            for (path, body) in requests {
                let answer = try await client.send(
                    .post, "/api/v1/\(path)", as: .user, body, headers: [.requestID: "same"])
                #expect(answer.status == 400)
                #expect(try answer.code == "DECRYPTION_FAILED")
                bodies.insert(answer.text)
            }
            #expect(bodies.count == 1)
        }
    }

    @Test func `what is missing in a body is named`() async throws {
        try await Fixture().run { client in
            try await client.createKey()
            for (path, body, word) in [
                ("keys", "{}", "name"), ("keys/orders/encrypt", "{}", "plaintext"), ("decrypt", "{}", "ciphertext"),
            ] {
                let answer = try await client.send(.post, "/api/v1/\(path)", body)
                #expect(answer.status == 400)
                #expect(try answer.message.contains("\(word) is missing"))
                let none = try await client.send(.post, "/api/v1/\(path)")
                #expect(none.status == 400)
                #expect(try none.message.contains("needs a body"))
            }
        }
    }
}
