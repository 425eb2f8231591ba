import HTTPTypes
import KMSTesting
import KeyManagement
import Logging
import Testing

@testable import HTTPServing
@testable import KMSAPI

@Suite struct FailureTests {
    @Test func `every failure of the service has its status and its code`() throws {
        let answers: [(KMSError, Int, String)] = [
            (.invalidRequest("what"), 400, "INVALID_REQUEST"), (.unauthenticated, 401, "UNAUTHENTICATED"),
            (.accessDenied(reason: "why"), 403, "ACCESS_DENIED"), (.keyNotFound(.id(KeyID())), 404, "KEY_NOT_FOUND"),
            (.versionNotFound(.first), 404, "VERSION_NOT_FOUND"),
            (.keyNameTaken(try KeyName("a")), 409, "KEY_NAME_TAKEN"), (.conflict, 409, "CONFLICT"),
            (.stateForbids("what"), 409, "STATE_FORBIDS"), (.decryptionFailed, 400, "DECRYPTION_FAILED"),
            (.recordTampered("key"), 500, "RECORD_TAMPERED"), (.unsupported("what"), 400, "UNSUPPORTED"),
            (.busy("inside"), 503, "BUSY"), (.tokenUnavailable("inside"), 503, "TOKEN_UNAVAILABLE"),
            (.storeUnavailable("inside"), 503, "STORE_UNAVAILABLE"),
            (.internalFailure("inside"), 500, "INTERNAL_FAILURE"),
        ]
        for (error, status, code) in answers {
            let mapped = APIError(error)
            #expect(mapped.status.code == status)
            #expect(mapped.code.rawValue == code)
            #expect(mapped.message == error.message)
            #expect((mapped.logDetail != nil) == (status >= 500))
            #expect((mapped.headers[.retryAfter] == "1") == (status == 503))
            #expect((mapped.headers[.wwwAuthenticate] == "Bearer") == (status == 401))
            #expect(!mapped.message.contains("inside"))
        }
    }

    @Test func `an error that nobody foresaw is an internal failure, and its text stays inside`() {
        struct Surprise: Error { let secret = "hunter2" }
        let mapped = APIError(Surprise())
        #expect(mapped.status.code == 500)
        #expect(mapped.logDetail?.contains("Surprise") == true)
        #expect(mapped.logDetail?.contains("hunter2") == false)
    }

    @Test(arguments: [
        (TokenError.busy("queue full"), 503, "BUSY"), (.unavailable("gone"), 503, "TOKEN_UNAVAILABLE"),
        (.failed("C_Encrypt: 0x30"), 500, "INTERNAL_FAILURE"), (.unwrapFailed("x"), 500, "INTERNAL_FAILURE"),
        (.unsupported("no"), 400, "UNSUPPORTED"), (.rejected, 400, "DECRYPTION_FAILED"),
    ])
    func `a token or a store that fails is told with its code, 503 with when to try again`(
        error: TokenError, status: Int, code: String
    ) async throws {
        let fixture = try await Fixture()
        try await fixture.run { client in
            try await client.createKey()
            // The first data key verifies the records that it reads. Afterwards the token is asked only for the data key.
            _ = try await client.send(.post, "/api/v1/keys/orders/data-key")
            fixture.token.fail(with: error)
            let answer = try await client.send(.post, "/api/v1/keys/orders/data-key")
            #expect(answer.status == status)
            #expect(try answer.code == code)
            #expect(answer.headers[.retryAfter] == (status == 503 ? "1" : nil))
            #expect(!answer.text.contains("0x30"))
            #expect(try await client.send(.post, "/api/v1/keys/orders/data-key").status == 200)
        }
    }

    @Test(arguments: [
        (StoreError.busy("locked"), 503, "BUSY"), (.unavailable("disk gone"), 503, "STORE_UNAVAILABLE"),
        (.malformed("key 7"), 500, "RECORD_TAMPERED"), (.conflict, 409, "CONFLICT"),
    ])
    func `a store that fails is told with its code`(error: StoreError, status: Int, code: String) async throws {
        let fixture = try await Fixture()
        try await fixture.run { client in
            fixture.store.fail(with: error)
            let answer = try await client.send(.get, "/api/v1/keys")
            #expect(answer.status == status)
            #expect(try answer.code == code)
            #expect(!answer.text.contains("disk gone"))
        }
    }

    @Test func `the cause of a failure is in the log, under the request's id, and not in the answer`() async throws {
        let fixture = try await Fixture()
        try await fixture.run { client in
            fixture.store.fail(with: .unavailable("disk gone"))
            let answer = try await client.send(.get, "/api/v1/keys", headers: [.requestID: "find-me"])
            #expect(!answer.text.contains("disk gone"))
            let line = try #require(fixture.log.requests.last)
            #expect(line.level == .error)
            #expect(line.metadata["request"] == "find-me")
            #expect(line.metadata["detail"] == "disk gone")
        }
    }
}
