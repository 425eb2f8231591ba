import Foundation
import ServiceTesting
import Testing

/// Attacks by someone with the database, while the service runs.
@Suite struct TamperingTests {
    @Test func `a store with another token is refused, and both are named`() async throws {
        let machine = try await Machine()
        let other = try await Machine(token: "other")
        let store = ["KMS_STORE_PATH": machine.path("kms.sqlite")]
        let refused = try await other.kms("serve", "--port", "0", with: store)
        #expect(refused.status == 4)
        #expect(refused.errors.contains("the store belongs to token 'kms'"), "\(refused.errors)")
        #expect(refused.errors.contains("token 'other'"), "\(refused.errors)")
        // Also a token without roots: the error is the wrong token, not the missing roots.
        let empty = try await Machine(token: "empty", isReady: false)
        try await empty.initializeToken()
        let rootless = try await empty.kms("serve", "--port", "0", with: store)
        #expect(rootless.status == 3)
        #expect(rootless.errors.contains("token 'empty'"), "\(rootless.errors)")
        #expect(rootless.errors.contains("the store belongs to token 'kms'"), "\(rootless.errors)")
    }

    /// Changes each sealed column of a version while the service runs.
    @Test(arguments: [
        "wrapped_key = CAST(substr(wrapped_key, 1, 39) || x'00' AS BLOB)",
        "state_counter = state_counter + 1", "created_at = created_at + 1", "changed_at = changed_at - 1",
        "wrap_mechanism = 'AES-KW'", "wrap_epoch = 2", "seal_epoch = 2", "state = 'deactivated'",
        "seal = randomblob(32)",
    ])
    func `a changed column of a version is found at the next use, refused and logged`(_ change: String) async throws {
        try await withService { service in
            _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
            #expect(try await service.request("POST", "/keys/a/data-key").status == 200)
            try await service.machine.sql("UPDATE version SET \(change)")
            let answer = try await service.request("POST", "/keys/a/data-key")
            #expect(answer.status == 500)
            #expect(answer.code == "RECORD_TAMPERED", "\(answer.text)")
            #expect(service.log.contains("\"level\":\"critical\""))
        }
    }

    @Test(arguments: [
        "ledger = CAST(x'02' || substr(ledger, 2) AS BLOB)", "revision = revision + 1",
        "availability = 'disabled'", "created_at = 0", "seal = randomblob(32)",
    ])
    func `a changed column of a key is found at the next use`(_ change: String) async throws {
        try await withService { service in
            _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
            #expect(try await service.request("POST", "/keys/a/data-key").status == 200)
            try await service.machine.sql("UPDATE key SET \(change)")
            #expect(try await service.request("POST", "/keys/a/data-key").code == "RECORD_TAMPERED")
            #expect(try await service.request("GET", "/keys/a").code == "RECORD_TAMPERED")
            #expect(try await service.request("GET", "/keys").code == "RECORD_TAMPERED")
        }
    }

    @Test func `two versions' blobs swapped by SQL are found`() async throws {
        try await withService { service in
            _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
            let old = try #require(try await service.request("POST", "/keys/a/data-key").data["ciphertext"])
            _ = try await service.request("POST", "/keys/a/rotate")
            try await service.machine.sql(
                """
                CREATE TABLE copy AS SELECT * FROM version;
                UPDATE version SET wrapped_key = (SELECT wrapped_key FROM copy WHERE copy.number <> version.number);
                DROP TABLE copy
                """)
            #expect(
                try await service.request("POST", "/decrypt", #"{"ciphertext":"\#(old)"}"#).code == "RECORD_TAMPERED")
            #expect(try await service.request("POST", "/keys/a/data-key").code == "RECORD_TAMPERED")
        }
    }

    @Test func `whole rows swapped, or an older copy of a row put back, are found`() async throws {
        try await withService { service in
            _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
            try await service.machine.sql("CREATE TABLE copy AS SELECT * FROM version")
            _ = try await service.request("POST", "/keys/a/rotate")
            // Version 1 as it was while active, with a genuine seal; version 2 is moved so that the index permits it.
            try await service.machine.sql(
                """
                DELETE FROM version WHERE number = 2;
                UPDATE version SET state = 'active', state_counter = copy.state_counter, changed_at = copy.changed_at,
                    seal = copy.seal FROM copy WHERE version.number = copy.number;
                DROP TABLE copy
                """)
            #expect(try await service.request("POST", "/keys/a/data-key").code == "RECORD_TAMPERED")
        }
    }

    @Test func `a subject that is changed by SQL, or put in the place of another, is nobody`() async throws {
        try await withService { service in
            #expect(try await service.request("POST", "/keys", #"{"name":"a"}"#, as: "user").code == "ACCESS_DENIED")
            try await service.machine.sql(
                """
                UPDATE directory SET (content, seal) = (SELECT content, seal FROM directory WHERE kind = 'subject' AND name = 'manager')
                WHERE kind = 'subject' AND name = 'user'
                """)
            #expect(try await service.request("POST", "/keys", #"{"name":"a"}"#, as: "user").code == "RECORD_TAMPERED")
        }
    }
}
