// The descriptions and examples of the access control of keys.

extension Guide {
    static let showAccess = Guide(
        """
        Returns the owner and the access control of a key. With `accessControl: false`, every role of the project applies;
        otherwise only the listed subjects and groups have access, besides the owner. `statements` is a policy set by an AWS client.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "access to the key", "data": {"keyId": "647c9620-0d2b-46fa-b426-5c985651f758",
            "owner": "manager", "accessControl": false, "subjects": [], "groups": [], "statements": []},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let changeAccess = Guide(
        """
        Replaces the list of subjects and groups that may use a key, or turns access control off. Roles still apply: the list
        takes access away from others, and gives nobody a role. If the caller is not in the new list, the answer has a `warning`.
        Fails with `SUBJECT_NOT_FOUND` or `GROUP_NOT_FOUND` for an unknown name.
        """,
        body: #"{"accessControl": true, "subjects": ["alice@example.com", "manager"], "groups": ["payroll-team"]}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "access changed", "data": {"keyId": "647c9620-0d2b-46fa-b426-5c985651f758",
            "owner": "manager", "accessControl": true, "subjects": ["alice@example.com", "manager"], "groups": [
            "payroll-team"], "statements": []}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let changeOwner = Guide(
        """
        Transfers a key to another owner. It gives the administrator no use of the key. Fails with `STATE_FORBIDS` if the new
        owner has no role in the key's project, and with `SUBJECT_NOT_FOUND` if it is unknown.
        """,
        project: "default",
        answer: #"""
            {"code": "SUCCESS", "message": "owner changed", "data": {"keyId": "647c9620-0d2b-46fa-b426-5c985651f758",
            "owner": "alice@example.com", "accessControl": true, "subjects": ["alice@example.com", "manager"],
            "groups": ["payroll-team"], "statements": []}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let explainAccess = Guide(
        """
        Explains whether a subject may perform an operation, with the rule that decides. Nothing is performed. `hidden: true`
        means that the subject is not told that the key exists. Fails with `SUBJECT_NOT_FOUND` or `KEY_NOT_FOUND` for an unknown
        name.
        """,
        project: "default",
        answer: #"""
            {"code": "SUCCESS", "message": "access explained", "data": {"allowed": true, "reason": "role user",
            "subject": "alice@example.com", "verb": "decrypt", "project": "default",
            "keyId": "647c9620-0d2b-46fa-b426-5c985651f758", "role": "user", "groups": ["payroll-team"], "hidden": false},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let obtainServiceKey = Guide(
        """
        Returns the key of the caller's service in the project, and creates it with the status 201 if there is none. The key is an
        AES key that the service rotates every 365 days. Fails with `ACCESS_DENIED` unless the caller is a service agent.
        """,
        project: "default",
        answer: #"""
            {"code": "SUCCESS", "message": "service key", "data": {"id": "fd2c1da7-7a47-48d4-947b-6324bc996bfc",
            "name": "service.mail", "description": "", "tags": {}, "project": "default", "algorithm": "AES256-GCM96",
            "usage": "encryptDecrypt", "origin": "generated", "kind": "service", "service": "mail", "owner": "mailer",
            "accessControl": false, "state": "active", "enabled": true, "defaultVersion": 1, "versionCount": 1,
            "rotationDays": 365, "nextRotationAt": "2027-11-30T00:00:00.000Z", "lastRotatedAt": null,
            "createdAt": "2026-11-30T22:14:06.625Z", "changedAt": "2026-11-30T22:14:06.625Z", "revision": 1},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
