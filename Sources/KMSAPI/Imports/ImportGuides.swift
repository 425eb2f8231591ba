// The descriptions and examples of the import of key material.

extension Guide {
    static let createImportJob = Guide(
        """
        Creates a key pair in the token whose public key wraps key material for import. The private key is erased when the job
        expires or is deleted. `method` defaults to the best method that the token supports. Fails with `UNSUPPORTED` if the
        token cannot import keys.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "import job created", "data": {"id": "0d9f3b52-6a3e-4c1f-9f0a-8a4b2f1c7d60",
            "wrappingAlgorithm": "RSA-3072", "method": "RSAES_OAEP_SHA_1",
            "publicKey": "MIIBojANBgkqhkiG9w0BAQEFAAOCAY8AMIIBigKCAYEAq0jvaGK2lAK57QNDCfL8VtM5mQlseoCleNRItz4EcUoTyW7JGzSx",
            "createdAt": "2026-11-30T22:14:05.916Z", "expiresAt": "2026-12-01T22:14:05.916Z"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let describeImportJob = Guide(
        "Returns an import job with its public key. Fails with `IMPORT_JOB_NOT_FOUND` if the job is unknown, expired or deleted.",
        answer: #"""
            {"code": "SUCCESS", "message": "import job", "data": {"id": "0d9f3b52-6a3e-4c1f-9f0a-8a4b2f1c7d60",
            "wrappingAlgorithm": "RSA-3072", "method": "RSAES_OAEP_SHA_1",
            "publicKey": "MIIBojANBgkqhkiG9w0BAQEFAAOCAY8AMIIBigKCAYEAq0jvaGK2lAK57QNDCfL8VtM5mQlseoCleNRItz4EcUoTyW7JGzSx",
            "createdAt": "2026-11-30T22:14:05.916Z", "expiresAt": "2026-12-01T22:14:05.916Z"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let deleteImportJob = Guide(
        "Deletes an import job and erases its private key. Fails with `IMPORT_JOB_NOT_FOUND` if the job is unknown or expired.",
        answer: #"""
            {"code": "SUCCESS", "message": "import job deleted", "data": {"id": "0d9f3b52-6a3e-4c1f-9f0a-8a4b2f1c7d60"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let importMaterial = Guide(
        """
        Imports key material, wrapped under an import job, into a key with the origin `imported`. The token unwraps it; the
        service never sees the plaintext. The material becomes the new default version, or with `version` that of an earlier
        version again. Fails with `MATERIAL_REJECTED` if the token cannot unwrap it, and with `MATERIAL_DIFFERS` if an earlier
        version had other material.
        """,
        path: ["key": "partner"],
        answer: #"""
            {"code": "SUCCESS", "message": "material imported", "data": {"id": "f60478d5-8e34-46bf-ac3a-7d2b041bbb25",
            "name": "partner", "description": "", "tags": {}, "project": "default", "algorithm": "AES256-GCM96",
            "usage": "encryptDecrypt", "origin": "imported", "kind": "user", "owner": "manager", "accessControl": false,
            "state": "active", "enabled": true, "defaultVersion": 1, "versionCount": 1, "rotationDays": null,
            "nextRotationAt": null, "lastRotatedAt": null, "createdAt": "2026-11-30T22:14:00.241Z",
            "changedAt": "2026-11-30T22:14:06.124Z", "revision": 2, "version": {"number": 1, "state": "active",
            "isDefault": true, "algorithm": "AES256-GCM96", "origin": "imported",
            "createdAt": "2026-11-30T22:14:06.124Z", "changedAt": "2026-11-30T22:14:06.124Z", "cause": "importing",
            "checkValue": "2938cf6c7332a0ff4f0a44480f078527"}}, "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
