// The descriptions and examples of creating, reading and changing keys.

extension Guide {
    static let listKeys = Guide(
        """
        Lists the keys of the project that the caller may describe, by name, one page at a time. The query filters them. A page
        can hold fewer keys than `limit` and still have a `next`: read on until `next` is null.
        """,
        query: ["tag": "team=payroll", "limit": "10"],
        answer: #"""
            {"code": "SUCCESS", "message": "keys of the project", "data": {"keys": [{
            "id": "647c9620-0d2b-46fa-b426-5c985651f758", "name": "payroll", "description": "Payslips", "tags": {
            "team": "payroll"}, "project": "default", "algorithm": "AES256-GCM96", "usage": "encryptDecrypt",
            "origin": "generated", "kind": "user", "owner": "manager", "accessControl": false, "state": "active",
            "enabled": true, "defaultVersion": 1, "versionCount": 1, "rotationDays": 30,
            "nextRotationAt": "2026-12-30T00:00:00.000Z", "lastRotatedAt": null, "createdAt": "2026-11-30T22:13:59.880Z",
            "changedAt": "2026-11-30T22:14:00.383Z", "revision": 2}], "next": null}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let createKey = Guide(
        """
        Creates a key and its first version in the token. The algorithm defaults to `AES256-GCM96`. A key with the origin
        `imported` gets its first version when material is imported. Fails with `KEY_NAME_TAKEN` if a key or alias of the
        project has the name, and with `UNSUPPORTED` if the token cannot do the algorithm.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "key created", "data": {"id": "647c9620-0d2b-46fa-b426-5c985651f758",
            "name": "payroll", "description": "", "tags": {"team": "payroll"}, "project": "default",
            "algorithm": "AES256-GCM96", "usage": "encryptDecrypt", "origin": "generated", "kind": "user",
            "owner": "manager", "accessControl": false, "state": "active", "enabled": true, "defaultVersion": 1,
            "versionCount": 1, "rotationDays": 90, "nextRotationAt": "2027-02-28T00:00:00.000Z", "lastRotatedAt": null,
            "createdAt": "2026-11-30T22:13:59.880Z", "changedAt": "2026-11-30T22:13:59.880Z", "revision": 1,
            "version": {"number": 1, "state": "active", "isDefault": true, "algorithm": "AES256-GCM96",
            "origin": "generated", "createdAt": "2026-11-30T22:13:59.880Z", "changedAt": "2026-11-30T22:13:59.880Z",
            "cause": "creation"}}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let describeKey = Guide(
        """
        Returns a key's properties and state; the material of a key is never returned. Fails with `KEY_NOT_FOUND` if the
        project has no such key, or if the key's access control hides it from the caller.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "key", "data": {"id": "647c9620-0d2b-46fa-b426-5c985651f758",
            "name": "payroll", "description": "", "tags": {"team": "payroll"}, "project": "default",
            "algorithm": "AES256-GCM96", "usage": "encryptDecrypt", "origin": "generated", "kind": "user",
            "owner": "manager", "accessControl": false, "state": "active", "enabled": true, "defaultVersion": 1,
            "versionCount": 1, "rotationDays": 90, "nextRotationAt": "2027-02-28T00:00:00.000Z", "lastRotatedAt": null,
            "createdAt": "2026-11-30T22:13:59.880Z", "changedAt": "2026-11-30T22:13:59.880Z", "revision": 1},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let readKeyUsage = Guide(
        """
        Returns the subjects that used a key in the last 90 days, with the operation, the number of uses and the last time. The
        latest use comes first; there are at most 1,000 entries. Read it before you disable or delete a key.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "uses of the key", "data": {"uses": [{"subject": "user", "verb": "decrypt",
            "count": 2, "lastUsedAt": "2026-11-30T22:14:01.545Z"}, {"subject": "user", "verb": "encrypt", "count": 1,
            "lastUsedAt": "2026-11-30T22:14:01.415Z"}]}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let updateKey = Guide(
        """
        Changes the name, description, tags or rotation period of a key. Fields that the body leaves out stay as they are;
        `tags` replaces all tags. Fails with `KEY_NAME_TAKEN` if another key or alias has the new name.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "key updated", "data": {"id": "647c9620-0d2b-46fa-b426-5c985651f758",
            "name": "payroll", "description": "Payslips", "tags": {"team": "payroll"}, "project": "default",
            "algorithm": "AES256-GCM96", "usage": "encryptDecrypt", "origin": "generated", "kind": "user",
            "owner": "manager", "accessControl": false, "state": "active", "enabled": true, "defaultVersion": 1,
            "versionCount": 1, "rotationDays": 30, "nextRotationAt": "2026-12-30T00:00:00.000Z", "lastRotatedAt": null,
            "createdAt": "2026-11-30T22:13:59.880Z", "changedAt": "2026-11-30T22:14:00.383Z", "revision": 2},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let deleteKey = Guide(
        """
        Deletes a key whose versions are all destroyed, or that never had a version. The name is free again, the id is never
        reused. Fails with `STATE_FORBIDS` while a version is left; to delete such a key, schedule its deletion.
        """,
        path: ["key": "payroll-2024"], body: #"{"reason": "superseded", "comment": "Replaced by payroll"}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "key deleted", "data": {"id": "29555667-22ff-4b33-b5cf-499a5434a8a9",
            "name": "payroll-2024", "description": "", "tags": {}, "project": "default", "algorithm": "AES256-GCM96",
            "usage": "encryptDecrypt", "origin": "generated", "kind": "user", "owner": "manager", "accessControl": false,
            "state": "destroyed", "enabled": true, "defaultVersion": null, "versionCount": 1, "rotationDays": null,
            "nextRotationAt": null, "lastRotatedAt": null, "createdAt": "2026-11-30T22:14:00.192Z",
            "changedAt": "2026-11-30T22:14:03.672Z", "revision": 4}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let rotateKey = Guide(
        """
        Creates a new version of a key and makes it the default. The previous version is deactivated: it still decrypts and
        verifies, and no longer encrypts or signs. Fails with `STATE_FORBIDS` if the material is imported, or if all versions
        are destroyed.
        """,
        body: #"{"reason": "superseded", "comment": "Quarterly rotation"}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "key rotated", "data": {"id": "647c9620-0d2b-46fa-b426-5c985651f758",
            "name": "payroll", "description": "Payslips", "tags": {"team": "payroll"}, "project": "default",
            "algorithm": "AES256-GCM96", "usage": "encryptDecrypt", "origin": "generated", "kind": "user",
            "owner": "manager", "accessControl": false, "state": "active", "enabled": true, "defaultVersion": 2,
            "versionCount": 2, "rotationDays": 30, "nextRotationAt": "2026-12-30T00:00:00.000Z",
            "lastRotatedAt": "2026-11-30T22:14:02.595Z", "createdAt": "2026-11-30T22:13:59.880Z",
            "changedAt": "2026-11-30T22:14:02.595Z", "revision": 3, "version": {"number": 2, "state": "active",
            "isDefault": true, "algorithm": "AES256-GCM96", "origin": "generated",
            "createdAt": "2026-11-30T22:14:02.595Z", "changedAt": "2026-11-30T22:14:02.595Z", "cause": "request"}, "previousVersion": 1},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let activateKey = Guide(
        """
        Creates the first version of a key that was created with `preActivation`. Fails with `STATE_FORBIDS` if the key has a
        version already, or if its material is to be imported.
        """,
        path: ["key": "bonus"], body: "{}",
        answer: #"""
            {"code": "SUCCESS", "message": "key activated", "data": {"id": "2c8ac37c-121a-49c4-adab-22cb75779072",
            "name": "bonus", "description": "", "tags": {}, "project": "default", "algorithm": "AES256-GCM96",
            "usage": "encryptDecrypt", "origin": "generated", "kind": "user", "owner": "manager", "accessControl": false,
            "state": "active", "enabled": true, "defaultVersion": 1, "versionCount": 1, "rotationDays": null,
            "nextRotationAt": null, "lastRotatedAt": null, "createdAt": "2026-11-30T22:14:00.281Z",
            "changedAt": "2026-11-30T22:14:00.489Z", "revision": 2, "version": {"number": 1, "state": "active",
            "isDefault": true, "algorithm": "AES256-GCM96", "origin": "generated",
            "createdAt": "2026-11-30T22:14:00.489Z", "changedAt": "2026-11-30T22:14:00.489Z", "cause": "request"}},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
