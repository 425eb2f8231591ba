import HTTPTypes

/// Attacks on service keys, and on keys whose access control lists other subjects.
enum ServiceKeyAttacks {
    private static func manager(
        _ what: String, _ method: HTTPRequest.Method, _ path: String, _ json: String? = nil
    ) -> Attack {
        Attack("a Manager \(what)", method, path, json, as: { _ in .manager }, is: 403, "ACCESS_DENIED")
    }

    private static func unlisted(
        _ what: String, _ method: HTTPRequest.Method, _ path: String, _ json: String? = nil
    ) -> Attack {
        Attack(
            "a Manager who is not listed \(what)", method, path, json, as: { $0.token("mallory") }, is: 404,
            "KEY_NOT_FOUND")
    }

    static let all: [Attack] = [
        manager("rotates a service key", .post, "/api/v1/keys/service.backup/rotate"),
        manager("disables a service key", .post, "/api/v1/keys/{service}/disable"),
        manager("turns a service key's rotation off", .patch, "/api/v1/keys/{service}", #"{"rotationDays": 0}"#),
        manager("destroys a service key's version", .post, "/api/v1/keys/{service}/versions/1/schedule-destruction"),
        manager("deletes a service key", .delete, "/api/v1/keys/{service}"),
        manager("restricts a service key", .put, "/api/v1/keys/{service}/access", #"{"accessControl": true}"#),
        manager("gives a service key an alias", .put, "/api/v1/aliases/mine", #"{"key": "{service}"}"#),
        manager("issues a data key under a service key", .post, "/api/v1/keys/{service}/data-key"),
        manager("decrypts what a service encrypted", .post, "/api/v1/decrypt", #"{"ciphertext": "{{service}}"}"#),
        manager(
            "re-encrypts what a service encrypted", .post, "/api/v1/keys/orders/re-encrypt",
            #"{"ciphertext": "{{service}}"}"#),
        Attack(
            "a Manager takes the name of a service key", .post, "/api/v1/keys", #"{"name": "service.mail"}"#,
            as: { _ in .manager }, is: 400, "INVALID_REQUEST"),
        Attack(
            "a Manager takes the name of a service key by an alias", .put, "/api/v1/aliases/service.mail",
            #"{"key": "orders"}"#, as: { _ in .manager }, is: 400, "INVALID_REQUEST"),
        Attack(
            "a Manager renames a key to that of a service", .patch, "/api/v1/keys/orders", #"{"name": "service.mail"}"#,
            as: { _ in .manager }, is: 400, "INVALID_REQUEST"),
        Attack(
            "an agent of another service uses a service key", .post, "/api/v1/keys/{service}/data-key",
            as: { $0.token("mailer") }, is: 403, "ACCESS_DENIED"),
        Attack(
            "an agent of another service rotates it", .post, "/api/v1/keys/{service}/rotate",
            as: { $0.token("mailer") },
            is: 403, "ACCESS_DENIED"),
        Attack(
            "the agent rotates its own service key", .post, "/api/v1/keys/{service}/rotate", as: { $0.token("agent") },
            is: 403, "ACCESS_DENIED"),
        unlisted("describes a key", .get, "/api/v1/keys/private"),
        unlisted("describes a key by its id", .get, "/api/v1/keys/{private}"),
        unlisted("issues a data key", .post, "/api/v1/keys/private/data-key"),
        unlisted("encrypts", .post, "/api/v1/keys/private/encrypt", #"{"plaintext": "eA=="}"#),
        unlisted("destroys a version", .post, "/api/v1/keys/{private}/versions/1/destroy"),
        unlisted(
            "puts itself into the list", .put, "/api/v1/keys/private/access",
            #"{"accessControl": true, "subjects": ["mallory"]}"#),
        unlisted("turns access control off", .put, "/api/v1/keys/private/access", #"{"accessControl": false}"#),
        unlisted("gives the key an alias of its own", .put, "/api/v1/aliases/mine", #"{"key": "{private}"}"#),
        unlisted("dry-runs a change", .post, "/api/v1/keys/private/rotate", #"{"dryRun": true}"#),
        Attack(
            "a Manager who is not listed decrypts", .post, "/api/v1/decrypt", #"{"ciphertext": "{{private}}"}"#,
            as: { $0.token("mallory") }, is: 400, "DECRYPTION_FAILED"),
        Attack(
            "a Manager who is not listed re-encrypts to a key of its own", .post, "/api/v1/keys/orders/re-encrypt",
            #"{"ciphertext": "{{private}}"}"#, as: { $0.token("mallory") }, is: 400, "DECRYPTION_FAILED"),
    ]
}
