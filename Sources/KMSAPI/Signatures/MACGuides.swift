// The descriptions and examples of MACs and shared secrets.

extension Guide {
    static let generateMAC = Guide(
        """
        Computes an HMAC of a message of up to 64 KiB with the default version of a key. Fails with `USAGE_FORBIDS` if the key is
        not an HMAC key, and with `STATE_FORBIDS` if it is disabled.
        """,
        path: ["key": "sessions"],
        answer: #"""
            {"code": "SUCCESS", "message": "HMAC made", "data": {"keyId": "a67d8735-3159-4746-8f7b-808ffdbe4cdf",
            "version": 1, "hmac": "zRrW8L88MoO1wTo/0vvGmz0dFv1j6H2aLUQurzLGYq8="}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let verifyMAC = Guide(
        """
        Verifies an HMAC of a message, in constant time. A wrong HMAC is not an error: the answer has `valid: false`. `version`
        selects the version; it defaults to the active one. Fails with `USAGE_FORBIDS` if the key is not an HMAC key.
        """,
        path: ["key": "sessions"],
        answer: #"""
            {"code": "SUCCESS", "message": "HMAC verified", "data": {"keyId": "a67d8735-3159-4746-8f7b-808ffdbe4cdf",
            "version": 1, "valid": true}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let deriveSharedSecret = Guide(
        """
        Derives the secret that the key shares with a public key on the same curve (ECDH). The secret is the x-coordinate; derive
        a key from it before use. Fails with `USAGE_FORBIDS` if the key is not for key agreement, and with `INVALID_REQUEST` if
        the public key is on another curve.
        """,
        path: ["key": "tunnel"],
        answer: #"""
            {"code": "SUCCESS", "message": "shared secret derived", "data": {
            "keyId": "63381d00-46e1-4856-af0b-b91fb4a01106", "version": 1,
            "secret": "gJ2Gbp7SiCLLzmKp+KT0wnF0ChQLd4kQxtlg4k4KxNw="}, "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
