import HTTPTypes

/// Fields in bodies that no caller may set.
enum BodyAttacks {
    private static func create(_ what: String, _ extra: String) -> Attack {
        Attack(
            "a new key with \(what)", .post, "/api/v1/keys", #"{"name": "mine", \#(extra)}"#, as: { _ in .manager },
            is: 400,
            "INVALID_REQUEST")
    }

    static let all: [Attack] = [
        create("an owner", #""owner": "adam""#),
        create("a project", #""project": "bank""#),
        create("an id", #""id": "00000000-0000-4000-8000-000000000000""#),
        create("a state", #""state": "active""#),
        create("a service", #""service": "backup""#),
        create("a kind", #""kind": "service""#),
        create("a list of subjects", #""subjects": ["adam"]"#),
        create("material", #""material": "AAAA""#),
        create("a field of another case", #""Owner": "adam""#),
        create("a name that comes twice", #""name": "other""#),
        create("a prototype", #""__proto__": {}"#),
        Attack(
            "an update with an owner", .patch, "/api/v1/keys/orders", #"{"description": "x", "owner": "adam"}"#,
            as: { _ in .manager }, is: 400, "INVALID_REQUEST"),
        Attack(
            "an update with a project", .patch, "/api/v1/keys/orders", #"{"project": "bank"}"#, as: { _ in .manager },
            is: 400, "INVALID_REQUEST"),
        Attack(
            "an update with a revision", .patch, "/api/v1/keys/orders", #"{"revision": 1}"#, as: { _ in .manager },
            is: 400,
            "INVALID_REQUEST"),
        Attack(
            "access control with an owner", .put, "/api/v1/keys/orders/access",
            #"{"accessControl": true, "owner": "maria"}"#, as: { _ in .manager }, is: 400, "INVALID_REQUEST"),
        Attack(
            "access control turned off with a list", .put, "/api/v1/keys/orders/access",
            #"{"accessControl": false, "subjects": ["ulf"]}"#, as: { _ in .manager }, is: 400, "INVALID_REQUEST"),
        Attack(
            "access control for a group that there is not", .put, "/api/v1/keys/orders/access",
            #"{"accessControl": true, "groups": ["ghosts"]}"#, as: { _ in .manager }, is: 404, "GROUP_NOT_FOUND"),
        Attack(
            "a data key in another project's name", .post, "/api/v1/keys/orders/data-key", #"{"project": "bank"}"#,
            as: { _ in .user }, is: 400, "INVALID_REQUEST"),
        Attack(
            "a decryption that names a key in its body", .post, "/api/v1/decrypt",
            #"{"ciphertext": "{{orders}}", "key": "orders"}"#, as: { _ in .user }, is: 400, "INVALID_REQUEST"),
        Attack(
            "a subject with roles", .post, "/api/v1/subjects", #"{"name": "ghost", "roles": {"shop": "manager"}}"#,
            as: { _ in .admin }, is: 400, "INVALID_REQUEST"),
        Attack(
            "a subject with groups", .patch, "/api/v1/subjects/ulf", #"{"groups": ["auditors"]}"#, as: { _ in .admin },
            is: 400, "INVALID_REQUEST"),
        Attack(
            "a credential with a token of one's choice", .post, "/api/v1/subjects/ulf/credentials",
            #"{"token": "kms_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#, as: { _ in .admin }, is: 400,
            "INVALID_REQUEST"),
        Attack(
            "a role that there is not", .put, "/api/v1/projects/shop/roles/subjects/ulf", #"{"role": "owner"}"#,
            as: { _ in .admin }, is: 400, "INVALID_REQUEST"),
        Attack(
            "a role for the service itself", .put, "/api/v1/projects/shop/roles/subjects/kms-scheduler",
            #"{"role": "manager"}"#, as: { _ in .admin }, is: 404, "SUBJECT_NOT_FOUND"),
    ]
}
