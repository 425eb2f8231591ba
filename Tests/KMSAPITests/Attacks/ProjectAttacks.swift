import HTTPTypes
import Testing

/// Attacks by a subject with a role in one project on the contents of another.
enum ProjectAttacks {
    private static let stranger: @Sendable (Battlefield) -> Client.Subject = { $0.token("bruno") }

    private static let foreign: [(what: String, HTTPRequest.Method, String, String?, Int, String)] = [
        ("describes a key by its name", .get, "/api/v1/keys/orders", nil, 404, "KEY_NOT_FOUND"),
        ("describes a key by its id", .get, "/api/v1/keys/{orders}", nil, 404, "KEY_NOT_FOUND"),
        ("lists a key's versions", .get, "/api/v1/keys/{orders}/versions", nil, 404, "KEY_NOT_FOUND"),
        ("rotates a key", .post, "/api/v1/keys/{orders}/rotate", nil, 404, "KEY_NOT_FOUND"),
        ("disables a key", .post, "/api/v1/keys/{orders}/disable", nil, 404, "KEY_NOT_FOUND"),
        ("destroys a version", .post, "/api/v1/keys/{orders}/versions/1/destroy", nil, 404, "KEY_NOT_FOUND"),
        ("deletes a key", .delete, "/api/v1/keys/{orders}", nil, 404, "KEY_NOT_FOUND"),
        ("issues a data key", .post, "/api/v1/keys/{orders}/data-key", nil, 404, "KEY_NOT_FOUND"),
        ("decrypts", .post, "/api/v1/decrypt", #"{"ciphertext": "{{orders}}"}"#, 400, "DECRYPTION_FAILED"),
        (
            "decrypts under a key of its own", .post, "/api/v1/keys/vault/decrypt", #"{"ciphertext": "{{orders}}"}"#,
            400,
            "DECRYPTION_FAILED"
        ),
        (
            "re-encrypts to a key of its own", .post, "/api/v1/keys/vault/re-encrypt", #"{"ciphertext": "{{orders}}"}"#,
            400,
            "DECRYPTION_FAILED"
        ),
        (
            "gives a foreign key an alias", .put, "/api/v1/aliases/mine", #"{"key": "{orders}"}"#, 404, "KEY_NOT_FOUND"
        ),
        ("reads who may use a key", .get, "/api/v1/keys/{private}/access", nil, 404, "KEY_NOT_FOUND"),
        ("lists who has a role there", .get, "/api/v1/projects/shop/roles", nil, 403, "ACCESS_DENIED"),
    ]

    static let all: [Attack] =
        foreign.map { what, method, path, json, status, code in
            Attack("a Manager of another project \(what)", method, path, json, as: stranger, is: status, code)
        }
        + [
            Attack(
                "X-Project names a project in which one has no role", .get, "/api/v1/keys", as: stranger,
                headers: [.xProject: "shop"], is: 403, "ACCESS_DENIED"),
            Attack(
                "X-Project names a project that does not exist, and the answer is the same", .get, "/api/v1/keys",
                as: stranger, headers: [.xProject: "nowhere"], is: 403, "ACCESS_DENIED"),
            Attack(
                "X-Project is no name", .get, "/api/v1/keys", as: stranger, headers: [.xProject: "shop/../bank"],
                is: 400, "INVALID_REQUEST"),
            Attack(
                "X-Project has another case", .get, "/api/v1/keys", as: { _ in .manager }, headers: [.xProject: "SHOP"],
                is: 403, "ACCESS_DENIED"),
            Attack(
                "somebody without any role lists keys", .get, "/api/v1/keys", as: { $0.token("norole") }, is: 400,
                "PROJECT_REQUIRED"),
            Attack(
                "somebody without any role names a project", .get, "/api/v1/keys", as: { $0.token("norole") },
                headers: [.xProject: "shop"], is: 403, "ACCESS_DENIED"),
            Attack("a credential for one project is used in another of its subject's") { field in
                _ = try await field.client.send(
                    .put, "/api/v1/projects/bank/roles/subjects/maria", as: .admin, #"{"role": "manager"}"#)
                let scoped: String = try await field.client.send(
                    .post, "/api/v1/subjects/maria/credentials", as: .admin, #"{"project": "shop"}"#
                ).data("token")
                let inShop = try await field.client.send(.get, "/api/v1/keys/orders", as: .bearer(scoped))
                #expect(inShop.status == 200)
                let inBank = try await field.client.send(
                    .get, "/api/v1/keys/vault", as: .bearer(scoped), headers: [.xProject: "bank"])
                #expect(inBank.status == 403)
            },
            Attack("a role is used after it was taken") { field in
                let path = "/api/v1/keys/vault/data-key"
                #expect(try await field.client.send(.post, path, as: field.token("berta")).status == 200)
                _ = try await field.client.send(.delete, "/api/v1/projects/bank/roles/subjects/berta", as: .admin)
                let after = try await field.client.send(
                    .post, path, as: field.token("berta"), headers: [.xProject: "bank"])
                #expect(after.status == 403)
            },
            Attack("a role of a group is used after leaving it") { field in
                _ = try await field.client.send(
                    .put, "/api/v1/projects/shop/roles/groups/auditors", as: .admin, #"{"role": "user"}"#)
                _ = try await field.client.send(.put, "/api/v1/groups/auditors/members/norole", as: .admin)
                let path = "/api/v1/keys/orders/data-key"
                #expect(try await field.client.send(.post, path, as: field.token("norole")).status == 200)
                _ = try await field.client.send(.delete, "/api/v1/groups/auditors/members/norole", as: .admin)
                let after = try await field.client.send(
                    .post, path, as: field.token("norole"), headers: [.xProject: "shop"])
                #expect(after.status == 403)
            },
            Attack("a group is made again under the name of a deleted one, whose members would come back") { field in
                _ = try await field.client.send(.delete, "/api/v1/groups/auditors", as: .admin)
                let again = try await field.client.send(.post, "/api/v1/groups", as: .admin, #"{"name": "auditors"}"#)
                #expect(again.status == 409)
                #expect(try again.code == "NAME_TAKEN")
            },
            Attack("a subject is made again under the name of a deleted one, whose keys would be its own") { field in
                _ = try await field.client.send(.delete, "/api/v1/subjects/berta", as: .admin)
                let again = try await field.client.send(.post, "/api/v1/subjects", as: .admin, #"{"name": "berta"}"#)
                #expect(again.status == 409)
                let old = try await field.client.send(.get, "/api/v1/whoami", as: field.token("berta"))
                #expect(old.status == 401)
            },
            Attack(
                "a project with keys is deleted", .delete, "/api/v1/projects/shop", as: { _ in .admin }, is: 409,
                "STATE_FORBIDS"),
        ]
}
