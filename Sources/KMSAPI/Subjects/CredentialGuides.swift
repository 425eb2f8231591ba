// The descriptions and examples of credentials.

extension Guide {
    static let listCredentials = Guide(
        "Lists the credentials of a subject, without their tokens, including those that were revoked or have expired. Fails with "
            + "`SUBJECT_NOT_FOUND` if the subject is unknown.",
        query: ["limit": "10"],
        answer: #"""
            {"code": "SUCCESS", "message": "credentials of the subject", "data": {"credentials": [{
            "id": "0123456789abcdef", "subject": "alice@example.com", "project": "default", "networks": ["192.0.2.0/24"],
            "createdAt": "2026-11-30T22:13:59.482Z", "expiresAt": "2027-02-28T22:13:59.482Z", "revokedAt": null,
            "lastUsedAt": null}], "next": null}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let issueCredential = Guide(
        """
        Issues a bearer token for a subject. Only this answer contains it. `project` restricts it to one project, `networks` to
        callers from these networks; it expires after `days`, or never. Fails with `SUBJECT_NOT_FOUND` or `PROJECT_NOT_FOUND` for
        an unknown name.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "credential issued", "data": {"id": "0123456789abcdef",
            "subject": "alice@example.com", "project": "default", "networks": ["192.0.2.0/24"],
            "createdAt": "2026-11-30T22:13:59.482Z", "expiresAt": "2027-02-28T22:13:59.482Z", "revokedAt": null,
            "token": "kms_EXAMPLEexampleEXAMPLEexampleEXAMPLEexample0"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let revokeCredential = Guide(
        "Revokes a credential. Requests with its token fail with `UNAUTHENTICATED` at once. Fails with `CREDENTIAL_NOT_FOUND` if "
            + "it is unknown.",
        answer: #"""
            {"code": "SUCCESS", "message": "credential revoked", "data": {"id": "0123456789abcdef",
            "subject": "alice@example.com", "project": "default", "networks": ["192.0.2.0/24"],
            "createdAt": "2026-11-30T22:13:59.482Z", "expiresAt": "2027-02-28T22:13:59.482Z",
            "revokedAt": "2026-11-30T22:14:09.377Z"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
