import Foundation
import NIOHTTP1
import ServiceTesting
import Testing

/// The life of a key in a real service, through restarts and sudden deaths.
@Suite struct LifeTests {
    @Test func `a ciphertext of version 1 decrypts after rotation to version 3 and a restart`() async throws {
        let machine = try await Machine()
        let first = try await Service.start(on: machine)
        #expect(try await first.request("POST", "/keys", #"{"name":"a"}"#).status == 201)
        let issued = try await first.request("POST", "/keys/a/data-key", #"{"context":{"use":"test"}}"#)
        _ = try await first.request("POST", "/keys/a/rotate")
        #expect(try await first.request("POST", "/keys/a/rotate").data["defaultVersion"] == "3")
        #expect(await first.stop() == 0)
        let second = try await Service.start(on: machine)
        for name in ["ciphertext", "ciphertextText"] {
            let ciphertext = try #require(issued.data[name])
            let body = #"{"ciphertext":"\#(ciphertext)","context":{"use":"test"}}"#
            for path in ["/decrypt", "/keys/a/decrypt"] {
                let answer = try await second.request("POST", path, body)
                #expect(answer.data["plaintext"] == issued.data["plaintext"])
                #expect(answer.data["version"] == "1")
            }
        }
        #expect(try await second.request("POST", "/keys/a/data-key").data["version"] == "3")
        #expect(await second.stop() == 0)
    }

    @Test func `whatever is wrong with a ciphertext, the answer is the same`() async throws {
        try await withService { service in
            _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
            _ = try await service.request("POST", "/keys", #"{"name":"b"}"#)
            let issued = try await service.request("POST", "/keys/a/data-key")
            let ciphertext = try #require(issued.data["ciphertext"].flatMap { Data(base64Encoded: $0) })
            var wrong: [Data] = (0..<ciphertext.count).map { position in
                var changed = ciphertext
                changed[position] ^= UInt8(1 << (position % 8))
                return changed
            }
            wrong += [Data(), ciphertext.prefix(48), ciphertext.dropLast(), ciphertext + [0], Data("foreign".utf8)]
            var answers: Set<String> = []
            for data in wrong {
                for path in ["/decrypt", "/keys/a/decrypt"] {
                    let answer = try await service.request(
                        "POST", path, #"{"ciphertext":"\#(data.base64EncodedString())"}"#)
                    answers.insert("\(answer.status) \(answer.code) \(answer.message)")
                }
            }
            let right = ciphertext.base64EncodedString()
            for (path, context) in [("/decrypt", #"{"a":"b"}"#), ("/keys/b/decrypt", "{}")] {
                let answer = try await service.request(
                    "POST", path, #"{"ciphertext":"\#(right)","context":\#(context)}"#)
                answers.insert("\(answer.status) \(answer.code) \(answer.message)")
            }
            #expect(
                answers == [
                    "400 DECRYPTION_FAILED the ciphertext cannot be decrypted with this key and this encryption context"
                ])
            #expect(try await service.request("POST", "/decrypt", #"{"ciphertext":"\#(right)"}"#).status == 200)
        }
    }

    @Test func `what was answered survives a sudden death`() async throws {
        let machine = try await Machine()
        var kept: [(ciphertext: String, plaintext: String)] = []
        for round in 0..<5 {
            let service = try await Service.start(on: machine)
            for number in 0..<5 {
                let name = "k\(round)-\(number)"
                #expect(try await service.request("POST", "/keys", #"{"name":"\#(name)"}"#).status == 201)
                _ = try await service.request("POST", "/keys/\(name)/rotate")
                let issued = try await service.request("POST", "/keys/\(name)/data-key")
                kept.append((try #require(issued.data["ciphertext"]), try #require(issued.data["plaintext"])))
            }
            // The last answer is only a moment old.
            await service.stop(SIGKILL)
        }
        let service = try await Service.start(on: machine)
        for (ciphertext, plaintext) in kept {
            let answer = try await service.request("POST", "/decrypt", #"{"ciphertext":"\#(ciphertext)"}"#)
            #expect(answer.data["plaintext"] == plaintext)
        }
        await service.stop()
    }

    @Test func `SIGTERM lets the running requests end and ends with 0`() async throws {
        let service = try await Service.start(on: Machine())
        _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
        async let requests = withTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    // Each request is answered normally or no longer accepted; never half an answer.
                    do {
                        return try await service.request("POST", "/keys/a/data-key").status == 200
                    } catch {
                        return !(error is HTTPParserError)
                    }
                }
            }
            return await group.allSatisfy { $0 }
        }
        #expect(await service.stop() == 0)
        #expect(await requests)
        #expect(service.log.contains("\"message\":\"stopped\""))
    }
}
