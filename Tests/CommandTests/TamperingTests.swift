import Foundation
import ServiceTesting
import Testing

/// Attacks by someone with the database, while the service runs.
@Suite struct TamperingTests {
    /// Returns the content with another value in a field, as SQL.
    ///
    /// - Parameter header: the tag and the length of the field, in hexadecimal.
    fileprivate static func field(_ header: String, _ length: Int, _ value: String) -> String {
        let start = "instr(content, x'\(header)')"
        return "CAST(substr(content, 1, \(start) + 4) || \(value) || substr(content, \(start) + \(5 + length)) AS BLOB)"
    }

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
        // The last bytes of the wrapped key, the time of creation, and the state.
        "content = \(TamperingTests.field("0D00000028", 40, "randomblob(40)"))",
        "content = \(TamperingTests.field("0900000008", 8, "x'0000000000000001'"))",
        "content = \(TamperingTests.field("0700000006", 6, "'ACTIVE'"))",
        "content = substr(content, 1, length(content) - 1)", "content = CAST(content || x'1600000000' AS BLOB)",
        "revision = revision + 1", "wrap_epoch = 2", "seal_epoch = 2", "end_at = 1", "seal = randomblob(32)",
    ])
    func `a changed column of a version is found at the next use, refused and logged`(_ change: String) async throws {
        try await withService { service in
            _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
            #expect(try await service.request("POST", "/keys/a/data-key").status == 200)
            try await service.machine.sql("UPDATE document SET \(change) WHERE kind = 'version'")
            let answer = try await service.request("POST", "/keys/a/data-key")
            #expect(answer.status == 500)
            #expect(answer.code == "RECORD_TAMPERED", "\(answer.text)")
            #expect(service.log.contains("\"level\":\"critical\""))
        }
    }

    @Test(arguments: [
        "content = \(TamperingTests.field("0600000007", 7, "'ENABLED'"))",
        "content = \(TamperingTests.field("0900000008", 8, "x'0000000000000001'"))",
        "revision = revision + 1", "details = NULL", "seal = randomblob(32)",
    ])
    func `a changed column of a key is found at the next use`(_ change: String) async throws {
        try await withService { service in
            _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
            #expect(try await service.request("POST", "/keys/a/data-key").status == 200)
            try await service.machine.sql("UPDATE document SET \(change) WHERE kind = 'key'")
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
            let other = """
                (SELECT substr(copy.content, instr(copy.content, x'0D00000028') + 5, 40) FROM copy WHERE copy.place <> document.place)
                """
            try await service.machine.sql(
                """
                CREATE TABLE copy AS SELECT * FROM document WHERE kind = 'version';
                UPDATE document SET content = \(Self.field("0D00000028", 40, other)) WHERE kind = 'version';
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
            try await service.machine.sql("CREATE TABLE copy AS SELECT * FROM document WHERE kind = 'version'")
            _ = try await service.request("POST", "/keys/a/rotate")
            // Version 1 as it was while active, with a genuine seal; version 2 is moved so that the index permits it.
            try await service.machine.sql(
                """
                DELETE FROM document WHERE kind = 'version' AND substr(place, 17) = x'00000002';
                UPDATE document SET name = copy.name, revision = copy.revision, content = copy.content, seal = copy.seal
                FROM copy WHERE document.kind = 'version' AND document.place = copy.place;
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
                UPDATE document SET (content, seal) = (
                    SELECT content, seal FROM document WHERE place = CAST('subject' || x'00' || 'manager' AS BLOB))
                WHERE place = CAST('subject' || x'00' || 'user' AS BLOB)
                """)
            #expect(try await service.request("POST", "/keys", #"{"name":"a"}"#, as: "user").code == "RECORD_TAMPERED")
        }
    }
}
