import Foundation
import ServiceTesting
import Testing

@Suite(.serialized)
struct StoreAdoptTests {
    private func removeState(_ machine: Machine) async throws {
        let sql = """
            DELETE FROM document WHERE kind = 'shard'; DELETE FROM state_member;
            DELETE FROM document WHERE kind = 'document' AND substr(place, 1, 9) = CAST('stateKey' || x'00' AS BLOB);
            """
        let path = machine.path("kms.sqlite")
        #expect(try await machine.run("/usr/bin/env", "sqlite3", path, sql).status == 0)
    }

    @Test func `is done once, and refused while the audit log has seen a digest`() async throws {
        let machine = try await Machine()
        var service = try await Service.start(on: machine)
        #expect(try await service.request("POST", "/keys", #"{"name":"a"}"#).status == 201)
        let issued = try await service.request("POST", "/keys/a/data-key")
        #expect(await service.stop() == 0)
        let whole = try await machine.kms("store", "adopt")
        #expect(whole.status != 0, "a store that has a digest: \(whole.errors)")

        try await removeState(machine)
        let serve = try await machine.kms("serve", "--port", "0")
        #expect(serve.status == 4 && serve.errors.contains("kms store adopt"), "\(serve.errors)")
        let laundered = try await machine.kms("store", "adopt")
        #expect(laundered.status == 4 && laundered.errors.contains("the audit log has seen"), "\(laundered.errors)")

        // As a version without the digest left it: an audit log that has never contained one.
        for name in ["audit", "audit-local"] {
            let path = machine.path(name)
            guard FileManager.default.fileExists(atPath: path) else { continue }
            try FileManager.default.moveItem(atPath: path, toPath: "\(path)-aside")
        }
        let adopted = try await machine.kms("store", "adopt")
        #expect(adopted.status == 0 && adopted.text.contains("Created the state digest"), "\(adopted.errors)")
        service = try await Service.start(on: machine)
        let back = try await service.request(
            "POST", "/decrypt", #"{"ciphertext":"\#(issued.data["ciphertext"] ?? "")"}"#)
        #expect(back.status == 200)
        let verified = try await service.kms("store", "verify", as: "admin")
        #expect(verified.status == 0, "\(verified.text) \(verified.errors)")
        #expect(await service.stop() == 0)
    }
}
