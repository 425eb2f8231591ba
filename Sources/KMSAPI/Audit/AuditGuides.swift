// The descriptions and examples of the audit log.

extension Guide {
    static let showCheckpoint = Guide(
        """
        Returns the latest signed checkpoint of the audit log, with the public key that verifies it. Keep checkpoints outside of
        the service: they show later whether entries were removed or changed. `checkpoint` is null until the first one is written.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "latest checkpoint", "data": {
            "checkpoint": "{\"seq\":180,\"prev\":\"4d7c3c5f6911bb8c6a8cf99fa768f7590fad39f803f231715b7406eeeb2def58\",\"type\":\"checkpoint\",\"time\":\"2026-11-30T22:14:06.851Z\",\"chain\":\"5a2dc473f0f75e35c5f702f0124e2e2f\",\"through\":179,\"hash\":\"4d7c3c5f6911bb8c6a8cf99fa768f7590fad39f803f231715b7406eeeb2def58\",\"entries\":154,\"key\":\"c4ed4fbcfb424567b7bc893da718d32bb0d18534a2660078b1d1b1f84aaa14da\",\"state\":\"57c49f7ad3453a121df2a7f6637ac858c9e56b81c7e2c9de9c869e346e8c6491\",\"signature\":\"MEUCIQDQUR8C/VCDKoYrsUw6RMxpnfNha9zhrpRoJPPKOi96GQIgW4/Oybt7n1VcDDm7wWbGkifTY0ssQIV7d27BUbxfWbY=\"}",
            "publicKey": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdATRv1aMoqGuJcgyeP2rLvZ7wr7wwJFnWZ2Hb9347sN41FVChh4TS07bbsBtEkrlgVB+LiVw3m5xQOCOo1tpzQ=="},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
