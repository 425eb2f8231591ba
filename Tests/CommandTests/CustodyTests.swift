import Foundation
import KMSTesting
import ServiceTesting
import Testing

/// The material that leaves the token, as seen by independent programs.
@Suite struct CustodyTests {
    private func pkcs11Tool(_ machine: Machine, _ arguments: String...) async throws -> Outcome {
        try await Command.run(
            "/usr/bin/env",
            [
                "pkcs11-tool", "--module", SoftHSMFolder.modulePath, "--token-label", "kms", "--login", "--pin",
                Machine.pin,
            ]
                + arguments,
            input: Data(), environment: machine.environment)
    }

    @Test func `pkcs11-tool shows both root keys as sensitive, never extractable and local`() async throws {
        let machine = try await Machine()
        let list = try await pkcs11Tool(machine, "--list-objects", "--type", "secrkey")
        for label in ["kms-root-wrap-1", "kms-root-mac-1"] {
            let start = try #require(list.text.range(of: label))
            let access = try #require(list.text[start.upperBound...].firstMatch(of: /Access: +(.*)/)).1
            #expect(access == "sensitive, always sensitive, never extractable, local", "\(label)")
        }
        #expect(list.text.matches(of: /Secret Key Object/).count == 2)
    }

    @Test func `pkcs11-tool can neither read nor wrap a root key`() async throws {
        let machine = try await Machine()
        for label in ["kms-root-wrap-1", "kms-root-mac-1"] {
            let read = try await pkcs11Tool(machine, "--read-object", "--type", "secrkey", "--label", label)
            #expect(read.status != 0)
            #expect(read.output.isEmpty)
            #expect(read.errors.contains("CKR_ATTRIBUTE_SENSITIVE"), "\(read.errors)")
        }
        // A wrapping key of the attacker's own, and the id that both roots have.
        let own = try await pkcs11Tool(
            machine, "--keygen", "--key-type", "AES:32", "--usage-wrap", "--label", "own", "--id", "77")
        #expect(own.status == 0)
        let list = try await pkcs11Tool(machine, "--list-objects", "--type", "secrkey")
        let root = try #require(list.text.range(of: "kms-root-wrap-1"))
        let id = String(try #require(list.text[root.upperBound...].firstMatch(of: /ID: +([0-9a-f]+)/)).1)
        let output = machine.path("wrapped")
        let wrap = try await pkcs11Tool(
            machine, "--wrap", "--mechanism", "AES-KEY-WRAP", "--id", "77", "--application-id", id, "--output-file",
            output)
        #expect(wrap.status != 0)
        #expect(wrap.errors.contains("CKR_KEY_UNEXTRACTABLE"), "\(wrap.errors)")
        #expect((FileManager.default.contents(atPath: output) ?? Data()).isEmpty)
    }

    @Test func `a running service keeps nothing in the token but the two root keys and the audit pair`() async throws {
        try await withService { service in
            _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
            _ = try await service.request("POST", "/keys/a/data-key")
            let list = try await pkcs11Tool(service.machine, "--list-objects")
            #expect(list.text.matches(of: /Object/).count == 4, "\(list.text)")
            #expect(list.text.matches(of: /label: *kms-(root-wrap|root-mac|audit)-1/).count == 4, "\(list.text)")
        }
    }

    @Test func `neither token, plaintext nor PIN is in the log or in the store`() async throws {
        let machine = try await Machine()
        let service = try await Service.start(on: machine, "--log-level", "trace")
        _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
        let dataKey = try #require(try await service.request("POST", "/keys/a/data-key").data["plaintext"])
        let secret = "a very secret text"
        let encoded = Data(secret.utf8).base64EncodedString()
        let ciphertext = try #require(
            try await service.request("POST", "/keys/a/encrypt", #"{"plaintext":"\#(encoded)"}"#).data["ciphertext"])
        #expect(try await service.request("POST", "/decrypt", #"{"ciphertext":"\#(ciphertext)"}"#).status == 200)
        let bearer = try String(contentsOfFile: machine.path("credentials/manager.token"), encoding: .utf8)
        await service.stop()
        var places = [service.log]
        for name in ["kms.sqlite", "kms.sqlite-wal", "kms.sqlite-shm"] {
            if let data = FileManager.default.contents(atPath: machine.path(name)) {
                places.append(String(decoding: data, as: UTF8.self))
            }
        }
        #expect(service.log.contains("\"message\":\"request\""))
        for forbidden in [dataKey, secret, encoded, ciphertext, bearer, Machine.pin] {
            #expect(!places.contains { $0.contains(forbidden) })
        }
    }
}
