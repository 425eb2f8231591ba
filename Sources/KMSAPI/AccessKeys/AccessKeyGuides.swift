// The descriptions and examples of access keys.

extension Guide {
    static let listAccessKeys = Guide(
        "Lists the access keys of a subject, without their secrets, including those that are disabled, deleted or expired. Fails "
            + "with `SUBJECT_NOT_FOUND` if the subject is unknown.",
        query: ["limit": "10"],
        answer: #"""
            {"code": "SUCCESS", "message": "access keys of the subject", "data": {"accessKeys": [{
            "id": "AKIAIOSFODNN7EXAMPLE", "subject": "alice@example.com", "account": "286682701568", "status": "enabled",
            "networks": ["192.0.2.0/24"], "createdAt": "2026-11-30T22:13:59.565Z",
            "expiresAt": "2027-02-28T22:13:59.565Z"}], "next": null}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let createAccessKey = Guide(
        """
        Creates an access key, with which AWS clients sign requests. Only this answer contains the secret. Fails with
        `INVALID_REQUEST` if `account` is left out and the subject has roles in projects of no account, or of several.
        """,
        body: #"{"days": 90, "networks": ["192.0.2.0/24"]}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "access key created", "data": {"id": "AKIAIOSFODNN7EXAMPLE",
            "subject": "alice@example.com", "account": "286682701568", "status": "enabled", "networks": ["192.0.2.0/24"],
            "createdAt": "2026-11-30T22:13:59.565Z", "expiresAt": "2027-02-28T22:13:59.565Z",
            "secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "region": "us-east-1"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let disableAccessKey = Guide(
        "Disables an access key: requests signed with it fail until it is enabled again. Fails with `ACCESS_KEY_NOT_FOUND` if it "
            + "is unknown, and with `STATE_FORBIDS` if it was deleted.",
        answer: #"""
            {"code": "SUCCESS", "message": "access key disabled", "data": {"id": "AKIAIOSFODNN7EXAMPLE",
            "subject": "alice@example.com", "account": "286682701568", "status": "disabled", "networks": ["192.0.2.0/24"],
            "createdAt": "2026-11-30T22:13:59.565Z", "expiresAt": "2027-02-28T22:13:59.565Z"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let enableAccessKey = Guide(
        "Enables a disabled access key. Fails with `ACCESS_KEY_NOT_FOUND` if it is unknown, and with `STATE_FORBIDS` if it was "
            + "deleted.",
        answer: #"""
            {"code": "SUCCESS", "message": "access key enabled", "data": {"id": "AKIAIOSFODNN7EXAMPLE",
            "subject": "alice@example.com", "account": "286682701568", "status": "enabled", "networks": ["192.0.2.0/24"],
            "createdAt": "2026-11-30T22:13:59.565Z", "expiresAt": "2027-02-28T22:13:59.565Z"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let deleteAccessKey = Guide(
        "Deletes an access key. Its secret is erased, and its id is never used again. Fails with `ACCESS_KEY_NOT_FOUND` if it is "
            + "unknown.",
        answer: #"""
            {"code": "SUCCESS", "message": "access key deleted", "data": {"id": "AKIAIOSFODNN7EXAMPLE",
            "subject": "alice@example.com", "account": "286682701568", "status": "deleted", "networks": ["192.0.2.0/24"],
            "createdAt": "2026-11-30T22:13:59.565Z", "expiresAt": "2027-02-28T22:13:59.565Z"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
