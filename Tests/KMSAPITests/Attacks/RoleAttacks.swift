import HTTPTypes

/// Attacks with a valid token of low privilege on operations beyond its role.
enum RoleAttacks {
    private static let mutations: [(what: String, HTTPRequest.Method, String, String?)] = [
        ("creates a key", .post, "/api/v1/keys", #"{"name": "mine"}"#),
        ("renames a key", .patch, "/api/v1/keys/orders", #"{"name": "mine"}"#),
        ("turns a key's rotation off", .patch, "/api/v1/keys/orders", #"{"rotationDays": 0}"#),
        ("deletes a key", .delete, "/api/v1/keys/orders", nil),
        ("rotates a key", .post, "/api/v1/keys/orders/rotate", nil),
        ("activates a key", .post, "/api/v1/keys/orders/activate", nil),
        ("disables a key", .post, "/api/v1/keys/orders/disable", nil),
        ("enables a key", .post, "/api/v1/keys/orders/enable", nil),
        ("deactivates a version", .post, "/api/v1/keys/orders/versions/1/deactivate", nil),
        ("activates a version", .post, "/api/v1/keys/orders/versions/1/activate", nil),
        ("schedules a destruction", .post, "/api/v1/keys/orders/versions/1/schedule-destruction", nil),
        ("cancels a destruction", .post, "/api/v1/keys/orders/versions/1/cancel-destruction", nil),
        ("destroys a version", .post, "/api/v1/keys/orders/versions/1/destroy", nil),
        ("sets an alias", .put, "/api/v1/aliases/mine", #"{"key": "orders"}"#),
        ("deletes an alias", .delete, "/api/v1/aliases/mine", nil),
        ("turns access control on", .put, "/api/v1/keys/orders/access", #"{"accessControl": true}"#),
        ("makes itself the owner", .put, "/api/v1/keys/orders/owner", #"{"owner": "ulf"}"#),
        ("makes an import job", .post, "/api/v1/import-jobs", "{}"),
        ("makes a project", .post, "/api/v1/projects", #"{"name": "mine"}"#),
        ("deletes a project", .delete, "/api/v1/projects/shop", nil),
        ("makes a subject", .post, "/api/v1/subjects", #"{"name": "ghost", "administrator": true}"#),
        ("makes itself an administrator", .patch, "/api/v1/subjects/vera", #"{"administrator": true}"#),
        ("gives itself a role", .put, "/api/v1/projects/shop/roles/subjects/vera", #"{"role": "manager"}"#),
        ("takes a Manager's role", .delete, "/api/v1/projects/shop/roles/subjects/maria", nil),
        ("puts itself into a group", .put, "/api/v1/groups/auditors/members/vera", nil),
        ("issues a credential of a Manager", .post, "/api/v1/subjects/maria/credentials", nil),
        ("issues a credential of the administrator", .post, "/api/v1/subjects/adam/credentials", nil),
        ("asks for a service key", .put, "/api/v1/service-key", nil),
        ("dry-runs a destruction", .post, "/api/v1/keys/orders/versions/1/schedule-destruction", #"{"dryRun": true}"#),
    ]

    private static let cryptography: [(what: String, String, String?)] = [
        ("issues a data key", "/api/v1/keys/orders/data-key", nil),
        ("encrypts", "/api/v1/keys/orders/encrypt", #"{"plaintext": "eA=="}"#),
        ("decrypts", "/api/v1/decrypt", #"{"ciphertext": "{{orders}}"}"#),
        ("decrypts in a batch", "/api/v1/batch/decrypt", #"{"items": [{"ciphertext": "{{orders}}"}]}"#),
        ("re-encrypts", "/api/v1/keys/orders/re-encrypt", #"{"ciphertext": "{{orders}}"}"#),
        ("draws random bytes", "/api/v1/random", #"{"bytes": 16}"#),
    ]

    static let all: [Attack] =
        mutations.map { what, method, path, json in
            Attack("a Viewer \(what)", method, path, json, as: { _ in .viewer }, is: 403, "ACCESS_DENIED")
        }
        + mutations.map { what, method, path, json in
            Attack("a User \(what)", method, path, json, as: { _ in .user }, is: 403, "ACCESS_DENIED")
        }
        + cryptography.map { what, path, json in
            Attack("a Viewer \(what)", .post, path, json, as: { _ in .viewer }, is: 403, "ACCESS_DENIED")
        }
        + cryptography.map { what, path, json in
            Attack(
                "a platform administrator \(what)", .post, path, json, as: { _ in .admin },
                headers: [.xProject: "shop"],
                is: 403, "ACCESS_DENIED")
        }
        + [
            Attack(
                "a platform administrator lists keys", .get, "/api/v1/keys", as: { _ in .admin },
                headers: [.xProject: "shop"], is: 403, "ACCESS_DENIED"),
            Attack(
                "a platform administrator destroys a version", .post, "/api/v1/keys/orders/versions/1/destroy",
                as: { _ in .admin }, headers: [.xProject: "shop"], is: 403, "ACCESS_DENIED"),
            Attack(
                "a Manager makes a subject", .post, "/api/v1/subjects", #"{"name": "ghost"}"#, as: { _ in .manager },
                is: 403, "ACCESS_DENIED"),
            Attack(
                "a Manager gives a role", .put, "/api/v1/projects/shop/roles/subjects/vera", #"{"role": "user"}"#,
                as: { _ in .manager }, is: 403, "ACCESS_DENIED"),
            Attack(
                "a Manager changes a key's owner", .put, "/api/v1/keys/orders/owner", #"{"owner": "maria"}"#,
                as: { _ in .manager }, is: 403, "ACCESS_DENIED"),
            Attack(
                "a Manager lists all subjects", .get, "/api/v1/subjects", as: { _ in .manager }, is: 403,
                "ACCESS_DENIED"),
            Attack(
                "a Manager reads the credentials of another", .get, "/api/v1/subjects/adam/credentials",
                as: { _ in .manager }, is: 403, "ACCESS_DENIED"),
            Attack(
                "a Manager asks why another may do something", .post, "/api/v1/access/explain",
                #"{"subject": "ulf", "verb": "decrypt", "key": "orders"}"#, as: { _ in .manager }, is: 403,
                "ACCESS_DENIED"),
            Attack(
                "the last administrator is disabled", .patch, "/api/v1/subjects/adam", #"{"enabled": false}"#,
                as: { _ in .admin }, is: 409, "STATE_FORBIDS"),
            Attack(
                "the last administrator is deleted", .delete, "/api/v1/subjects/adam", as: { _ in .admin }, is: 409,
                "STATE_FORBIDS"),
        ]
}

extension HTTPField.Name {
    static let xProject = HTTPField.Name("X-Project")!
}
