// The descriptions and examples of versions of keys.

extension Guide {
    static let listVersions = Guide(
        "Lists the versions of a key, the newest first, one page at a time. Fails with `KEY_NOT_FOUND` if the project has no such "
            + "key, or if it is hidden from the caller.",
        query: ["limit": "10"],
        answer: #"""
            {"code": "SUCCESS", "message": "versions of the key", "data": {"versions": [{"number": 2, "state": "active",
            "isDefault": true, "algorithm": "AES256-GCM96", "origin": "generated",
            "createdAt": "2026-11-30T22:14:02.595Z", "changedAt": "2026-11-30T22:14:02.595Z", "cause": "request"}, {
            "number": 1, "state": "deactivated", "isDefault": false, "algorithm": "AES256-GCM96", "origin": "generated",
            "createdAt": "2026-11-30T22:13:59.880Z", "changedAt": "2026-11-30T22:14:02.595Z", "reason": "superseded",
            "comment": "Quarterly rotation", "cause": "creation"}], "next": null}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let describeVersion = Guide(
        """
        Returns the state and the times of one version of a key. `blobDigest` is the SHA-256 of the wrapped key that was erased
        when the version was destroyed. Fails with `VERSION_NOT_FOUND` if the key never had the version.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "version", "data": {"number": 1, "state": "deactivated", "isDefault": false,
            "algorithm": "AES256-GCM96", "origin": "generated", "createdAt": "2026-11-30T22:13:59.880Z",
            "changedAt": "2026-11-30T22:14:02.595Z", "reason": "superseded", "comment": "Quarterly rotation",
            "cause": "creation"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let versionUsage = Guide(
        """
        Returns how often a version encrypted or signed (`produced`), and decrypted or verified (`consumed`), in the last 90
        days. Read it before you destroy a version. Fails with `VERSION_NOT_FOUND` if the key never had the version.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "uses of the version", "data": {"days": 90, "produced": 8, "consumed": 6,
            "lastUsedAt": "2026-11-30T22:14:02.467Z"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let activateVersion = Guide(
        """
        Makes a deactivated version the default again. The present default version is deactivated at the same moment. Fails with
        `STATE_FORBIDS` if the version is pending destruction or destroyed.
        """,
        body: #"{"reason": "unspecified", "comment": "Back to version 1"}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "version activated", "data": {"id": "647c9620-0d2b-46fa-b426-5c985651f758",
            "name": "payroll", "description": "Payslips", "tags": {"team": "payroll"}, "project": "default",
            "algorithm": "AES256-GCM96", "usage": "encryptDecrypt", "origin": "generated", "kind": "user",
            "owner": "manager", "accessControl": false, "state": "active", "enabled": true, "defaultVersion": 1,
            "versionCount": 2, "rotationDays": 30, "nextRotationAt": "2026-12-30T00:00:00.000Z",
            "lastRotatedAt": "2026-11-30T22:14:02.595Z", "createdAt": "2026-11-30T22:13:59.880Z",
            "changedAt": "2026-11-30T22:14:02.737Z", "revision": 4, "version": {"number": 1, "state": "active",
            "isDefault": true, "algorithm": "AES256-GCM96", "origin": "generated",
            "createdAt": "2026-11-30T22:13:59.880Z", "changedAt": "2026-11-30T22:14:02.737Z", "reason": "unspecified",
            "comment": "Back to version 1", "cause": "creation"}, "previousVersion": 2},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let deactivateVersion = Guide(
        """
        Deactivates a version: it still decrypts and verifies, and no longer encrypts or signs. The key has no default version
        until a version is activated or the key is rotated. Fails with `STATE_FORBIDS` if the version is not active.
        """,
        body: #"{"reason": "superseded"}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "version deactivated", "data": {"id": "647c9620-0d2b-46fa-b426-5c985651f758",
            "name": "payroll", "description": "Payslips", "tags": {"team": "payroll"}, "project": "default",
            "algorithm": "AES256-GCM96", "usage": "encryptDecrypt", "origin": "generated", "kind": "user",
            "owner": "manager", "accessControl": false, "state": "deactivated", "enabled": true, "defaultVersion": null,
            "versionCount": 2, "rotationDays": 30, "nextRotationAt": "2026-12-30T00:00:00.000Z",
            "lastRotatedAt": "2026-11-30T22:14:02.595Z", "createdAt": "2026-11-30T22:13:59.880Z",
            "changedAt": "2026-11-30T22:14:02.800Z", "revision": 5, "version": {"number": 1, "state": "deactivated",
            "isDefault": false, "algorithm": "AES256-GCM96", "origin": "generated",
            "createdAt": "2026-11-30T22:13:59.880Z", "changedAt": "2026-11-30T22:14:02.800Z", "reason": "superseded",
            "cause": "creation"}, "previousVersion": 1}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let scheduleDestruction = Guide(
        """
        Schedules the destruction of a deactivated version, which can no longer be used. Until the waiting period ends, the
        destruction can be cancelled; afterwards everything encrypted under the version is lost. Fails with `STATE_FORBIDS` if
        the version is active, and with `INVALID_REQUEST` if `days` is below the operator's minimum.
        """,
        body: #"{"days": 30, "reason": "superseded"}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "destruction scheduled", "data": {
            "id": "647c9620-0d2b-46fa-b426-5c985651f758", "name": "payroll", "description": "Payslips", "tags": {
            "team": "payroll"}, "project": "default", "algorithm": "AES256-GCM96", "usage": "encryptDecrypt",
            "origin": "generated", "kind": "user", "owner": "manager", "accessControl": false, "state": "deactivated",
            "enabled": true, "defaultVersion": null, "versionCount": 2, "rotationDays": 30,
            "nextRotationAt": "2026-12-30T00:00:00.000Z", "lastRotatedAt": "2026-11-30T22:14:02.595Z",
            "createdAt": "2026-11-30T22:13:59.880Z", "changedAt": "2026-11-30T22:14:02.849Z", "revision": 6,
            "version": {"number": 1, "state": "pendingDestruction", "isDefault": false, "algorithm": "AES256-GCM96",
            "origin": "generated", "createdAt": "2026-11-30T22:13:59.880Z", "changedAt": "2026-11-30T22:14:02.849Z",
            "reason": "superseded", "destroyAt": "2026-12-30T22:14:02.849Z", "cause": "creation"}},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let cancelDestruction = Guide(
        "Cancels the scheduled destruction of a version. The version is deactivated, as before. Fails with `STATE_FORBIDS` if no "
            + "destruction is scheduled.",
        body: "{}",
        answer: #"""
            {"code": "SUCCESS", "message": "destruction cancelled", "data": {
            "id": "647c9620-0d2b-46fa-b426-5c985651f758", "name": "payroll", "description": "Payslips", "tags": {
            "team": "payroll"}, "project": "default", "algorithm": "AES256-GCM96", "usage": "encryptDecrypt",
            "origin": "generated", "kind": "user", "owner": "manager", "accessControl": false, "state": "deactivated",
            "enabled": true, "defaultVersion": null, "versionCount": 2, "rotationDays": 30,
            "nextRotationAt": "2026-12-30T00:00:00.000Z", "lastRotatedAt": "2026-11-30T22:14:02.595Z",
            "createdAt": "2026-11-30T22:13:59.880Z", "changedAt": "2026-11-30T22:14:02.899Z", "revision": 7,
            "version": {"number": 1, "state": "deactivated", "isDefault": false, "algorithm": "AES256-GCM96",
            "origin": "generated", "createdAt": "2026-11-30T22:13:59.880Z", "changedAt": "2026-11-30T22:14:02.899Z",
            "cause": "creation"}}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let destroyVersion = Guide(
        """
        Destroys a version whose waiting period is over: its wrapped key is erased. The service does the same by itself within a
        minute. Fails with `STATE_FORBIDS` while the waiting period lasts. Everything encrypted under the version is lost.
        """,
        path: ["key": "payroll-2024"], body: #"{"reason": "superseded"}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "version destroyed", "data": {"id": "29555667-22ff-4b33-b5cf-499a5434a8a9",
            "name": "payroll-2024", "description": "", "tags": {}, "project": "default", "algorithm": "AES256-GCM96",
            "usage": "encryptDecrypt", "origin": "generated", "kind": "user", "owner": "manager", "accessControl": false,
            "state": "destroyed", "enabled": true, "defaultVersion": null, "versionCount": 1, "rotationDays": null,
            "nextRotationAt": null, "lastRotatedAt": null, "createdAt": "2026-11-30T22:14:00.192Z",
            "changedAt": "2026-11-30T22:14:03.672Z", "revision": 4, "version": {"number": 1, "state": "destroyed",
            "isDefault": false, "algorithm": "AES256-GCM96", "origin": "generated",
            "createdAt": "2026-11-30T22:14:00.192Z", "changedAt": "2026-11-30T22:14:03.672Z",
            "blobDigest": "e2eb6bd1e502bfabc16194f69556bd62fd1b7c4c4251fa20b086b0e783198a1c", "cause": "creation"}},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
