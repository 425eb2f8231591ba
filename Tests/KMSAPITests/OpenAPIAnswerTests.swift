import HTTPTypes
import KMSTesting
import Testing

/// Real answers, checked against the document.
@Suite struct OpenAPIAnswerTests {
    @Test func `answers about keys and versions are as the document says`() async throws {
        try await check { ask, clock in
            _ = try await ask(.post, "keys", #"{"name": "plan", "dryRun": true}"#, 200)
            _ = try await ask(.post, "keys", #"{"name": "orders", "tags": {"team": "a"}, "rotationDays": 30}"#, 201)
            _ = try await ask(.post, "keys", #"{"name": "orders"}"#, 409)
            _ = try await ask(.post, "keys", #"{"name": "x", "algorithm": "DES"}"#, 400)
            _ = try await ask(.post, "keys", nil, 400)
            _ = try await ask(.get, "keys?limit=1&state=active", nil, 200)
            _ = try await ask(.get, "keys?color=red", nil, 400)
            _ = try await ask(.get, "keys/orders", nil, 200)
            _ = try await ask(.get, "keys/nothing", nil, 404)
            _ = try await ask(.patch, "keys/orders", #"{"description": "Orders"}"#, 200)
            _ = try await ask(.post, "keys/orders/rotate", #"{"dryRun": true}"#, 200)
            _ = try await ask(.post, "keys/orders/rotate", nil, 200)
            _ = try await ask(.post, "keys/orders/disable", #"{"reason": "superseded", "comment": "why"}"#, 200)
            _ = try await ask(.get, "keys/orders", nil, 200)
            _ = try await ask(.post, "keys/orders/data-key", nil, 409)
            _ = try await ask(.post, "keys/orders/enable", nil, 200)
            _ = try await ask(.get, "keys/orders/versions", nil, 200)
            _ = try await ask(.get, "keys/orders/versions/1", nil, 200)
            _ = try await ask(.get, "keys/orders/versions/7", nil, 404)
            _ = try await ask(.get, "keys/orders/versions/0", nil, 400)
            _ = try await ask(.get, "keys/orders/versions/1/usage", nil, 200)
            _ = try await ask(.post, "keys/orders/versions/1/schedule-destruction", #"{"days": 7}"#, 200)
            _ = try await ask(.get, "keys/orders/versions/1", nil, 200)
            _ = try await ask(.post, "keys/orders/versions/1/destroy", nil, 409)
            clock.advance(by: .seconds(8 * 86400))
            _ = try await ask(.post, "keys/orders/versions/1/destroy", #"{"dryRun": true}"#, 200)
            _ = try await ask(.post, "keys/orders/versions/1/destroy", nil, 200)
            _ = try await ask(.get, "keys/orders/versions/1", nil, 200)
            _ = try await ask(.delete, "keys/orders", nil, 409)
            _ = try await ask(.get, "keys/orders/access", nil, 200)
            _ = try await ask(.put, "keys/orders/access", #"{"accessControl": true, "subjects": ["ulf"]}"#, 200)
        }
    }

    @Test func `answers about aliases and import jobs are as the document says`() async throws {
        try await check { ask, _ in
            _ = try await ask(.post, "keys", #"{"name": "orders"}"#, 201)
            _ = try await ask(.put, "aliases/second", #"{"key": "orders"}"#, 200)
            _ = try await ask(.get, "aliases/second", nil, 200)
            _ = try await ask(.get, "aliases", nil, 200)
            _ = try await ask(.delete, "aliases/second", nil, 200)
            _ = try await ask(.delete, "aliases/second", nil, 404)
            // The token of this test imports no material.
            _ = try await ask(.post, "import-jobs", nil, 400)
            let id = "01234567-89ab-cdef-0123-456789abcdef"
            _ = try await ask(.post, "keys", #"{"name": "brought", "origin": "imported"}"#, 201)
            _ = try await ask(.post, "keys/brought/import", #"{"job": "\#(id)", "material": "AAAA"}"#, 404)
            _ = try await ask(.delete, "import-jobs/\(id)", nil, 404)
            _ = try await ask(.get, "import-jobs/\(id)", nil, 404)
            _ = try await ask(.get, "../../healthz", nil, 200)
            _ = try await ask(.get, "../../livez", nil, 200)
            _ = try await ask(.get, "../../readyz", nil, 200)
        }
    }

    @Test func `answers to the uses of keys are as the document says`() async throws {
        try await check { ask, _ in
            let text = base64("text")
            _ = try await ask(.post, "keys", #"{"name": "orders"}"#, 201)
            _ = try await ask(.post, "keys/orders/data-key", nil, 200)
            _ = try await ask(.post, "keys/orders/data-key", #"{"bytes": 7, "plaintext": false}"#, 200)
            _ = try await ask(.post, "keys/orders/data-key-pair", #"{"algorithm": "EC-P256"}"#, 200)
            let encrypted = try await ask(.post, "keys/orders/encrypt", #"{"plaintext": "\#(text)"}"#, 200)
            let ciphertext: String = try encrypted.data("ciphertextText")
            _ = try await ask(.post, "keys/orders/decrypt", #"{"ciphertext": "\#(ciphertext)"}"#, 200)
            _ = try await ask(.post, "decrypt", #"{"ciphertext": "\#(ciphertext)"}"#, 200)
            _ = try await ask(.post, "decrypt", #"{"ciphertext": "kms"}"#, 400)
            _ = try await ask(.post, "keys/orders/re-encrypt", #"{"ciphertext": "\#(ciphertext)"}"#, 200)
            _ = try await ask(.post, "random", #"{"bytes": 9}"#, 200)
            _ = try await ask(.post, "keys/orders/sign", #"{"message": "\#(text)"}"#, 400)
            _ = try await ask(.post, "keys/orders/batch/data-key", #"{"items": [{}, {}]}"#, 200)
            _ = try await ask(
                .post, "keys/orders/batch/decrypt",
                #"{"items": [{"ciphertext": "\#(ciphertext)"}, {"ciphertext": "x"}]}"#,
                200)
            _ = try await ask(.post, "batch/decrypt", #"{"items": []}"#, 400)
            _ = try await ask(.post, "keys", #"{"name": "signer", "algorithm": "EC-P256"}"#, 201)
            let signed = try await ask(.post, "keys/signer/sign", #"{"message": "\#(text)"}"#, 200)
            let signature: String = try signed.data("signature")
            _ = try await ask(
                .post, "keys/signer/verify", #"{"message": "\#(text)", "signature": "\#(signature)"}"#, 200)
            _ = try await ask(.get, "keys/signer/public-key", nil, 200)
            _ = try await ask(.get, "keys/signer/versions/1/public-key", nil, 200)
            _ = try await ask(.post, "keys", #"{"name": "mac", "algorithm": "HMAC-SHA256"}"#, 201)
            let mac: String = try await ask(.post, "keys/mac/hmac", #"{"message": "\#(text)"}"#, 200).data("hmac")
            _ = try await ask(.post, "keys/mac/verify-hmac", #"{"message": "\#(text)", "hmac": "\#(mac)"}"#, 200)
            _ = try await ask(
                .post, "keys/mac/batch/verify-hmac", #"{"items": [{"message": "\#(text)", "hmac": "\#(mac)"}]}"#, 200)
        }
    }

    @Test func `answers about the directory are as the document says`() async throws {
        try await check(as: .admin) { ask, _ in
            _ = try await ask(.get, "whoami", nil, 200)
            _ = try await ask(.post, "projects", #"{"name": "bank"}"#, 201)
            _ = try await ask(.post, "projects", #"{"name": "bank"}"#, 409)
            _ = try await ask(.get, "projects", nil, 200)
            _ = try await ask(.get, "projects/nothing", nil, 404)
            _ = try await ask(.patch, "projects/bank", #"{"description": "Safes"}"#, 200)
            _ = try await ask(
                .post, "subjects", #"{"name": "agent@x", "kind": "serviceAgent", "service": "mail"}"#, 201)
            _ = try await ask(.get, "subjects", nil, 200)
            _ = try await ask(.patch, "subjects/agent@x", #"{"description": "Mail"}"#, 200)
            _ = try await ask(.put, "projects/bank/roles/subjects/agent@x", #"{"role": "user"}"#, 200)
            _ = try await ask(.post, "groups", #"{"name": "ops"}"#, 201)
            _ = try await ask(.get, "groups/ops", nil, 200)
            _ = try await ask(.put, "groups/ops/members/agent@x", nil, 200)
            _ = try await ask(.put, "projects/bank/roles/groups/ops", #"{"role": "manager"}"#, 200)
            _ = try await ask(.get, "groups/ops/members", nil, 200)
            _ = try await ask(.get, "projects/bank/roles", nil, 200)
            let issued = try await ask(.post, "subjects/agent@x/credentials", #"{"days": 3}"#, 201)
            let id: String = try issued.data("id")
            _ = try await ask(.get, "subjects/agent@x/credentials", nil, 200)
            _ = try await ask(.delete, "credentials/\(id)", nil, 200)
            _ = try await ask(.delete, "credentials/0123456789abcdef", nil, 404)
            _ = try await ask(.delete, "groups/ops/members/agent@x", nil, 200)
            _ = try await ask(
                .post, "projects", #"{"name": "mall", "account": "111122223333", "region": "eu-central-1"}"#, 201)
            _ = try await ask(.patch, "projects/mall", #"{"account": "111122223333"}"#, 400)
            _ = try await ask(.patch, "projects/mall", #"{"account": "111122223333", "region": "eu-west-1"}"#, 409)
            let account = #"{"account": "111122223333", "days": 1, "networks": ["10.0.0.0/8"]}"#
            let key: String = try await ask(.post, "subjects/agent@x/access-keys", account, 201).data("id")
            _ = try await ask(.post, "subjects/nobody/access-keys", account, 404)
            _ = try await ask(.post, "subjects/agent@x/access-keys", #"{"account": "1"}"#, 400)
            _ = try await ask(.get, "subjects/agent@x/access-keys", nil, 200)
            _ = try await ask(.post, "access-keys/\(key)/disable", nil, 200)
            _ = try await ask(.post, "access-keys/\(key)/enable", nil, 200)
            _ = try await ask(.delete, "access-keys/\(key)", nil, 200)
            _ = try await ask(.post, "access-keys/\(key)/enable", nil, 409)
            _ = try await ask(.delete, "access-keys/AKIAABCDEFGHIJKLMNOP", nil, 404)
            _ = try await ask(.delete, "access-keys/x", nil, 400)
            _ = try await ask(.delete, "projects/bank/roles/groups/ops", nil, 200)
            _ = try await ask(.delete, "groups/ops", nil, 200)
            _ = try await ask(.delete, "subjects/adam", nil, 409)
            _ = try await ask(.get, "keys", nil, 400)
        }
        try await check(as: .viewer) { ask, _ in
            _ = try await ask(.get, "whoami", nil, 200)
            _ = try await ask(.get, "subjects", nil, 403)
            _ = try await ask(.post, "random", #"{"bytes": 1}"#, 403)
        }
        try await check(as: .nobody) { ask, _ in _ = try await ask(.get, "keys", nil, 401) }
    }

    @Test func `answers about roots and custody are as the document says`() async throws {
        try await check(as: .admin) { ask, _ in
            _ = try await ask(.get, "roots", nil, 200)
            _ = try await ask(.post, "roots/1/retire", nil, 409)
            _ = try await ask(.post, "roots/rotate", nil, 200)
            // Records under the first epoch remain, because nothing rewraps in this test.
            _ = try await ask(.post, "roots/rotate", nil, 409)
            _ = try await ask(.get, "roots/1/certificate", nil, 409)
            _ = try await ask(.get, "roots/9/certificate", nil, 404)
            _ = try await ask(.get, "roots/x/certificate", nil, 400)
            _ = try await ask(.post, "roots/1/retire", nil, 200)
            _ = try await ask(.get, "roots/1/certificate", nil, 200)
            _ = try await ask(.get, "roots", nil, 200)
            _ = try await ask(.post, "custody/report", nil, 200)
            _ = try await ask(.get, "store/verification?limit=2", nil, 200)
            _ = try await ask(.get, "store/verification?cursor=AAAA", nil, 400)
        }
        try await check { ask, _ in
            _ = try await ask(.get, "roots", nil, 403)
            _ = try await ask(.post, "custody/report", nil, 403)
        }
    }

    @Test func `answers about approvals are as the document says`() async throws {
        try await check(as: .admin) { ask, _ in
            _ = try await ask(.get, "approval-policies", nil, 200)
            _ = try await ask(
                .put, "approval-policies/root-rotate", #"{"required": 1, "approvers": ["maria"], "hours": 2}"#, 409)
            _ = try await ask(
                .put, "approval-policies/root-rotate", #"{"required": 1, "approvers": ["adam"], "hours": 2}"#, 200)
            _ = try await ask(.put, "approval-policies/root-rotate", #"{"required": 2, "approvers": ["maria"]}"#, 400)
            _ = try await ask(.put, "approval-policies/root-rotate", #"{"required": 0}"#, 403)
            _ = try await ask(.put, "approval-policies/root-retire", #"{"required": 1, "approvers": ["x"]}"#, 404)
            _ = try await ask(.put, "approval-policies/anything", #"{"required": 0}"#, 400)
            _ = try await ask(.get, "approval-policies", nil, 200)
            _ = try await ask(.post, "roots/rotate", nil, 403)
            let list = try await ask(.get, "approvals", nil, 200)
            let id = try #require(list.text.firstMatch(of: /"id":"([0-9a-f]{16})"/)).1
            _ = try await ask(.get, "approvals/\(id)", nil, 200)
            _ = try await ask(.post, "approvals/\(id)/approve", nil, 403)
            _ = try await ask(.post, "approvals/\(id)/reject", nil, 200)
            _ = try await ask(.post, "approvals/\(id)/reject", nil, 409)
            _ = try await ask(.get, "approvals/0123456789abcdef", nil, 404)
            _ = try await ask(.get, "approvals/x", nil, 400)
        }
    }

    typealias Ask = (HTTPRequest.Method, String, String?, Int) async throws -> Answer

    /// Runs `body` with a function that sends a request and checks its answer against the document.
    private func check(
        as subject: Client.Subject = .manager, _ body: @Sendable (Ask, ManualClock) async throws -> Void
    ) async throws {
        try await Fixture().run { client in
            let document = try await client.document()
            func ask(
                _ method: HTTPRequest.Method, _ path: String, _ json: String?, _ status: Int
            ) async throws -> Answer {
                let target = path.hasPrefix("../../") ? "/" + path.dropFirst(6) : "/api/v1/" + path
                let answer = try await client.send(method, target, as: subject, json)
                #expect(answer.status == status, "\(method) \(path): \(answer.text)")
                let operation = try #require(document.operation(method.rawValue, target))
                let schema = try #require(
                    document.schema(of: operation, status: answer.status), "\(operation.id) \(answer.status)")
                let faults = document.faults(of: try JSON.read(answer.text), by: schema)
                #expect(faults.isEmpty, "\(operation.id): \(faults)")
                return answer
            }
            try await body(ask, client.fixture.clock)
        }
    }
}
