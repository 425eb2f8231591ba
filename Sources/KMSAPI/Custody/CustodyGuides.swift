// The descriptions and examples of custody.

extension Guide {
    static let reportCustody = Guide(
        """
        Examines every key in the token, tries the operations that the token must refuse, and returns a report signed by the audit
        key. It takes about 20 calls to the token for each version. Fails with `UNSUPPORTED` if the token has no audit key.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "custody report", "data": {
            "content": "ewogICJhdWRpdEtleVNIQTI1NiIgOiAiYzRlZDRmYmNmYjQyNDU2N2I3YmM4OTNkYTcxOGQzMmJiMGQxODUzNGEyNjYwMDc4",
            "signature": "MEQCICvskufKtzjFSSpEOIn1Ll0luMZo/RlNKkiOC+IVd/DYAiBAjsIC01sR8A0KiCA++ZDh4dTZslpg0Yh57X7CxXcYRA==",
            "auditKey": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdATRv1aMoqGuJcgyeP2rLvZ7wr7wwJFnWZ2Hb9347sN41FVChh4TS07bbsBtEkrlgVB+LiVw3m5xQOCOo1tpzQ=="},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let verifyStore = Guide(
        """
        Verifies the seals and references of one part of the store, and returns the cursor of the next part. `findings` names the
        records that were changed or removed; it is empty for a sound store. Call it until `next` is null.
        """,
        query: ["limit": "1000"],
        answer: #"""
            {"code": "SUCCESS", "message": "part of the store verified", "data": {"checked": 23, "total": 84,
            "findings": [],
            "next": "00000001939fce13a2d570f20c09698b0035cfe0992f2ea422212225d223abf08d6299d3d85a709c5797aa47e3cead85bb7148c3e94fc02e3a0edddeb14d4330c12027ce5a14972658d2a52ad515f38a570164cc0fa72174789826cedc4efb66"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
