// The descriptions and examples of disabling and deleting keys.

extension Guide {
    static let enableKey = Guide(
        "Enables a disabled key. Its versions have the states that they had before. Fails with `STATE_FORBIDS` if the key is "
            + "pending deletion.",
        body: "{}",
        answer: #"""
            {"code": "SUCCESS", "message": "key enabled", "data": {"id": "647c9620-0d2b-46fa-b426-5c985651f758",
            "name": "payroll", "description": "Payslips", "tags": {"team": "payroll"}, "project": "default",
            "algorithm": "AES256-GCM96", "usage": "encryptDecrypt", "origin": "generated", "kind": "user",
            "owner": "manager", "accessControl": false, "state": "active", "enabled": true, "defaultVersion": 2,
            "versionCount": 2, "rotationDays": 30, "nextRotationAt": "2026-12-30T00:00:00.000Z",
            "lastRotatedAt": "2026-11-30T22:14:02.595Z", "createdAt": "2026-11-30T22:13:59.880Z",
            "changedAt": "2026-11-30T22:14:03.056Z", "revision": 10}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let disableKey = Guide(
        """
        Disables a key: no version encrypts, decrypts, signs or verifies until the key is enabled again. Applications that use
        the key fail with `STATE_FORBIDS`. To see which do, read the key's usage first, or send `dryRun: true`.
        """,
        body: #"{"reason": "unspecified", "comment": "Audit of the payroll application"}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "key disabled", "data": {"id": "647c9620-0d2b-46fa-b426-5c985651f758",
            "name": "payroll", "description": "Payslips", "tags": {"team": "payroll"}, "project": "default",
            "algorithm": "AES256-GCM96", "usage": "encryptDecrypt", "origin": "generated", "kind": "user",
            "owner": "manager", "accessControl": false, "state": "active", "enabled": false, "defaultVersion": 2,
            "versionCount": 2, "rotationDays": 30, "nextRotationAt": "2026-12-30T00:00:00.000Z",
            "lastRotatedAt": "2026-11-30T22:14:02.595Z", "createdAt": "2026-11-30T22:13:59.880Z",
            "changedAt": "2026-11-30T22:14:03.005Z", "revision": 9, "reason": "unspecified",
            "comment": "Audit of the payroll application"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let scheduleDeletion = Guide(
        """
        Schedules the deletion of a key with all of its versions, aliases and grants. The key cannot be used from now on. Until
        the waiting period ends, the deletion can be cancelled; afterwards everything encrypted with the key is lost. Fails with
        `INVALID_REQUEST` if `days` is below the operator's minimum.
        """,
        body: #"{"days": 30, "reason": "superseded"}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "deletion scheduled", "data": {"id": "647c9620-0d2b-46fa-b426-5c985651f758",
            "name": "payroll", "description": "Payslips", "tags": {"team": "payroll"}, "project": "default",
            "algorithm": "AES256-GCM96", "usage": "encryptDecrypt", "origin": "generated", "kind": "user",
            "owner": "manager", "accessControl": false, "state": "active", "enabled": false,
            "deletionDueAt": "2026-12-30T22:14:03.152Z", "defaultVersion": 2, "versionCount": 2, "rotationDays": 30,
            "nextRotationAt": "2026-12-30T00:00:00.000Z", "lastRotatedAt": "2026-11-30T22:14:02.595Z",
            "createdAt": "2026-11-30T22:13:59.880Z", "changedAt": "2026-11-30T22:14:03.152Z", "revision": 11,
            "reason": "superseded"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let cancelDeletion = Guide(
        """
        Cancels the scheduled deletion of a key. The key is then disabled; enable it to use it again. Fails with `STATE_FORBIDS`
        if no deletion is scheduled.
        """,
        body: "{}",
        answer: #"""
            {"code": "SUCCESS", "message": "deletion cancelled", "data": {"id": "647c9620-0d2b-46fa-b426-5c985651f758",
            "name": "payroll", "description": "Payslips", "tags": {"team": "payroll"}, "project": "default",
            "algorithm": "AES256-GCM96", "usage": "encryptDecrypt", "origin": "generated", "kind": "user",
            "owner": "manager", "accessControl": false, "state": "active", "enabled": false, "defaultVersion": 2,
            "versionCount": 2, "rotationDays": 30, "nextRotationAt": "2026-12-30T00:00:00.000Z",
            "lastRotatedAt": "2026-11-30T22:14:02.595Z", "createdAt": "2026-11-30T22:13:59.880Z",
            "changedAt": "2026-11-30T22:14:03.274Z", "revision": 12}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let deleteImportedMaterial = Guide(
        """
        Erases the imported material of all versions of a key at once, without a waiting period. The owner of the material can
        import the same material again. Fails with `STATE_FORBIDS` if the material was generated in the token.
        """,
        path: ["key": "partner"], body: #"{"reason": "privilegeWithdrawn", "comment": "Contract suspended"}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "material erased", "data": {"id": "f60478d5-8e34-46bf-ac3a-7d2b041bbb25",
            "name": "partner", "description": "", "tags": {}, "project": "default", "algorithm": "AES256-GCM96",
            "usage": "encryptDecrypt", "origin": "imported", "kind": "user", "owner": "manager", "accessControl": false,
            "state": "destroyed", "enabled": true, "defaultVersion": null, "versionCount": 1, "rotationDays": null,
            "nextRotationAt": null, "lastRotatedAt": null, "createdAt": "2026-11-30T22:14:00.241Z",
            "changedAt": "2026-11-30T22:14:06.218Z", "revision": 3}, "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
