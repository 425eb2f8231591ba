// The descriptions and examples of aliases.

extension Guide {
    static let listAliases = Guide(
        "Lists the aliases of the project, or of one key, by name, one page at a time. Fails with `KEY_NOT_FOUND` if the key is "
            + "unknown.",
        query: ["key": "payroll"],
        answer: #"""
            {"code": "SUCCESS", "message": "aliases of the project", "data": {"aliases": [{"alias": "salaries",
            "keyId": "647c9620-0d2b-46fa-b426-5c985651f758", "changedAt": "2026-11-30T22:14:00.991Z",
            "createdAt": "2026-11-30T22:14:00.991Z"}], "next": null}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let describeAlias = Guide(
        "Returns the key that an alias refers to. Fails with `ALIAS_NOT_FOUND` if the project has no such alias.",
        answer: #"""
            {"code": "SUCCESS", "message": "alias", "data": {"alias": "salaries",
            "keyId": "647c9620-0d2b-46fa-b426-5c985651f758", "changedAt": "2026-11-30T22:14:00.991Z",
            "createdAt": "2026-11-30T22:14:00.991Z"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let setAlias = Guide(
        """
        Creates an alias, or points an existing one to another key. Requests can name a key by its alias. Fails with
        `KEY_NAME_TAKEN` if a key has the name, and with `KEY_NOT_FOUND` if the key is unknown.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "alias set", "data": {"alias": "salaries",
            "keyId": "647c9620-0d2b-46fa-b426-5c985651f758", "changedAt": "2026-11-30T22:14:00.991Z",
            "createdAt": "2026-11-30T22:14:00.991Z"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let deleteAlias = Guide(
        "Deletes an alias. The key remains. Requests that name the key by the alias fail with `KEY_NOT_FOUND`. Fails with "
            + "`ALIAS_NOT_FOUND` if the project has no such alias.",
        answer: #"""
            {"code": "SUCCESS", "message": "alias deleted", "data": {"alias": "salaries"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
