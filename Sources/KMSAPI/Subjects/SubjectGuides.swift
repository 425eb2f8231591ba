// The descriptions and examples of subjects.

extension Guide {
    static let whoAmI = Guide(
        "Returns the authenticated caller with its roles and groups, and the project of the request. Use it to check a credential.",
        answer: #"""
            {"code": "SUCCESS", "message": "caller", "data": {"subject": "manager", "kind": "user",
            "administrator": false, "project": "default", "role": "manager", "roles": {"default": "manager"},
            "groups": [], "authentication": "token:9a55a160983c37b9", "source": "127.0.0.1"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let listSubjects = Guide(
        "Lists the subjects by name, one page at a time.", query: ["limit": "1"],
        answer: #"""
            {"code": "SUCCESS", "message": "subjects", "data": {"subjects": [{"name": "admin", "kind": "user",
            "description": "", "enabled": true, "administrator": true, "groups": [], "roles": {},
            "createdAt": "2026-11-30T22:13:46.639Z", "changedAt": "2026-11-30T22:13:46.639Z", "revision": 1}],
            "next": "00000001b61c568835bea811f80448f09d88469cd01eafbeeb686ff430f0540feef6830c9ed49c53293de5cd0737a606b8c566ea4c9c44af242c7f443ef7b973cf5a04da457b94234a9176c01dddae2581a73285a615ff2a37af37e77ce9e2cb"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let createSubject = Guide(
        """
        Creates a subject: a person, or with the kind `serviceAccount` or `serviceAgent` a program. It has no role and no
        credential yet. Fails with `NAME_TAKEN` if a subject has, or had, that name.
        """,
        body: #"{"name": "alice@example.com", "description": "Payroll"}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "subject created", "data": {"name": "alice@example.com", "kind": "user",
            "description": "Payroll", "enabled": true, "administrator": false, "groups": [], "roles": {},
            "createdAt": "2026-11-30T22:13:58.944Z", "changedAt": "2026-11-30T22:13:58.944Z", "revision": 1},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let describeSubject = Guide(
        "Returns a subject with its roles and groups. Fails with `SUBJECT_NOT_FOUND` if it is unknown or deleted.",
        answer: #"""
            {"code": "SUCCESS", "message": "subject", "data": {"name": "alice@example.com", "kind": "user",
            "description": "Payroll", "enabled": true, "administrator": false, "groups": [], "roles": {},
            "createdAt": "2026-11-30T22:13:58.944Z", "changedAt": "2026-11-30T22:13:58.944Z", "revision": 1},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let updateSubject = Guide(
        """
        Changes the description of a subject, enables or disables it, or makes it a platform administrator. A disabled subject
        cannot authenticate. Fails with `STATE_FORBIDS` if no administrator, or too few approvers, would remain.
        """,
        body: #"{"description": "Payroll and expenses"}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "subject updated", "data": {"name": "alice@example.com", "kind": "user",
            "description": "Payroll and expenses", "enabled": true, "administrator": false, "groups": [], "roles": {},
            "createdAt": "2026-11-30T22:13:58.944Z", "changedAt": "2026-11-30T22:13:58.988Z", "revision": 2},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let deleteSubject = Guide(
        """
        Deletes a subject with its roles. Its credentials become invalid at once, and its name is never used again. Keys that it
        owns remain. Fails with `STATE_FORBIDS` if no administrator, or too few approvers, would remain.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "subject deleted", "data": {"name": "alice@example.com", "kind": "user",
            "description": "Payroll and expenses", "enabled": false, "administrator": false, "groups": [], "roles": {},
            "createdAt": "2026-11-30T22:13:58.944Z", "changedAt": "2026-11-30T22:14:09.562Z", "revision": 7},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
