// The descriptions and examples of grants.

extension Guide {
    static let listGrants = Guide(
        "Lists the grants of a key. Fails with `KEY_NOT_FOUND` if the project has no such key, or if it is hidden from the caller.",
        answer: #"""
            {"code": "SUCCESS", "message": "grants of the key", "data": {"grants": [{
            "id": "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a", "name": "payslips",
            "grantee": "subject:alice@example.com", "retiring": null, "actions": ["decrypt", "describeKey"],
            "context": null, "allowsMoreContext": false, "issuer": "manager", "createdAt": "2026-11-30T22:14:00.653Z"}]},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let createGrant = Guide(
        """
        Allows a subject or a group some operations on one key, in addition to what roles allow. With `context`, the grant holds
        only for that encryption context. Fails with `SUBJECT_NOT_FOUND` or `GROUP_NOT_FOUND` for an unknown grantee, and with
        `LIMIT_REACHED` if the key has too many grants.
        """,
        body: #"{"grantee": "subject:alice@example.com", "actions": ["decrypt", "describeKey"], "name": "payslips"}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "grant made", "data": {
            "id": "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a", "name": "payslips",
            "grantee": "subject:alice@example.com", "retiring": null, "actions": ["decrypt", "describeKey"],
            "context": null, "allowsMoreContext": false, "issuer": "manager", "createdAt": "2026-11-30T22:14:00.653Z"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let revokeGrant = Guide(
        "Revokes a grant. The grantee keeps what its role allows. Fails with `GRANT_NOT_FOUND` if the key has no such grant.",
        answer: #"""
            {"code": "SUCCESS", "message": "grant revoked", "data": {
            "id": "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
