// The descriptions and examples of root keys.

extension Guide {
    static let listRoots = Guide(
        "Lists the root epochs, in order, with the number of records under each. An epoch with no records can be retired.",
        answer: #"""
            {"code": "SUCCESS", "message": "root epochs", "data": {"roots": [{"epoch": 1, "latest": false,
            "inToken": true, "checkValue": "ee72331e3e3a53fcd7defb6898acc1365cb3a80aaf7ab1e7ac287eb600842886",
            "madeAt": "2026-11-30T22:13:49.495Z", "closedAt": null, "destroyedAt": null, "wrappedKeys": 7,
            "sealedRecords": 50}, {"epoch": 2, "latest": true, "inToken": true,
            "checkValue": "7c7dbda417809c190c2e632a8bafd5960750f01c7530e981cc188d12a931e1fc",
            "madeAt": "2026-11-30T22:14:07.850Z", "closedAt": null, "destroyedAt": null, "wrappedKeys": 2,
            "sealedRecords": 36}]}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let rotateRoots = Guide(
        """
        Creates the root keys of the next epoch in the token. New records are under them at once; records under earlier epochs
        are rewrapped in the background while the service continues. Fails with `STATE_FORBIDS` while records of an earlier
        rotation are left.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "roots made", "data": {"roots": [{"epoch": 1, "latest": false,
            "inToken": true, "checkValue": "ee72331e3e3a53fcd7defb6898acc1365cb3a80aaf7ab1e7ac287eb600842886",
            "madeAt": "2026-11-30T22:13:49.495Z", "closedAt": null, "destroyedAt": null, "wrappedKeys": 8,
            "sealedRecords": 74}, {"epoch": 2, "latest": true, "inToken": true,
            "checkValue": "7c7dbda417809c190c2e632a8bafd5960750f01c7530e981cc188d12a931e1fc",
            "madeAt": "2026-11-30T22:14:07.850Z", "closedAt": null, "destroyedAt": null, "wrappedKeys": 1,
            "sealedRecords": 12}]}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let retireRoots = Guide(
        """
        Destroys the root keys of an earlier epoch that no record uses, and returns a certificate signed by the audit key.
        Backups made under that epoch can no longer be used. Fails with `STATE_FORBIDS` for the latest epoch, and while records
        depend on the epoch.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "roots destroyed", "data": {
            "content": "ewogICJhdWRpdEtleVNIQTI1NiIgOiAiYzRlZDRmYmNmYjQyNDU2N2I3YmM4OTNkYTcxOGQzMmJiMGQxODUzNGEyNjYwMDc4",
            "signature": "MEQCIG4ni9UMBSbU+A9Hmjp72seGK/CieBfG/BeVe6U6S5XnAiAWLbn02Ew2uOknva3rw0A2ZJxgju2vppnC8qoJAJ6CJA==",
            "auditKey": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdATRv1aMoqGuJcgyeP2rLvZ7wr7wwJFnWZ2Hb9347sN41FVChh4TS07bbsBtEkrlgVB+LiVw3m5xQOCOo1tpzQ=="},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let showDestructionCertificate = Guide(
        "Returns the certificate of destruction of an epoch, signed anew. Fails with `ROOT_NOT_FOUND` if the epoch never existed, "
            + "and with `STATE_FORBIDS` if it is not destroyed.",
        answer: #"""
            {"code": "SUCCESS", "message": "certificate of destruction", "data": {
            "content": "ewogICJhdWRpdEtleVNIQTI1NiIgOiAiYzRlZDRmYmNmYjQyNDU2N2I3YmM4OTNkYTcxOGQzMmJiMGQxODUzNGEyNjYwMDc4",
            "signature": "MEUCIQDkpFNp0zecBgTi+/55vdvmiaQvEonNvCmT7JtjAnfl2QIgYacriGaMQh+2A+83x7CzXBdcCBc7Iqot9/w9HGAaMxs=",
            "auditKey": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdATRv1aMoqGuJcgyeP2rLvZ7wr7wwJFnWZ2Hb9347sN41FVChh4TS07bbsBtEkrlgVB+LiVw3m5xQOCOo1tpzQ=="},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
