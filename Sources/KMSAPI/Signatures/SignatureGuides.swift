// The descriptions and examples of signatures and public keys.

extension Guide {
    static let sign = Guide(
        """
        Signs a message of up to 64 KiB, or its digest, with the default version of a key. The algorithm defaults to the first
        one of the key. Fails with `USAGE_FORBIDS` if the key is not a signing key, and with `STATE_FORBIDS` if it is disabled.
        """,
        path: ["key": "invoices"],
        answer: #"""
            {"code": "SUCCESS", "message": "signed", "data": {"keyId": "5bffe763-0344-4704-9d86-f255b608f03c",
            "version": 1, "algorithm": "ECDSA_SHA_256",
            "signature": "MEUCIQDKG7YLfu7Qomu1EK2VV9yB01+DGaLksXxvce5JvRB2+gIgUjltXxIgSXCUlcJhazFHTbZ6OsIblSxR7AggI82aW/I="},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let verify = Guide(
        """
        Verifies a signature of a message or of its digest. A wrong signature is not an error: the answer has `valid: false`.
        `version` selects the version; it defaults to the active one. Fails with `USAGE_FORBIDS` if the key is not a signing key.
        """,
        path: ["key": "invoices"],
        answer: #"""
            {"code": "SUCCESS", "message": "verified", "data": {"keyId": "5bffe763-0344-4704-9d86-f255b608f03c",
            "version": 1, "valid": true}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let publicKey = Guide(
        """
        Returns the public key of the default version as DER, PEM and JWK. Fails with `USAGE_FORBIDS` or `UNSUPPORTED` if the key
        is symmetric, and with `STATE_FORBIDS` if it has no active version.
        """,
        path: ["key": "invoices"],
        answer: #"""
            {"code": "SUCCESS", "message": "public key", "data": {"keyId": "5bffe763-0344-4704-9d86-f255b608f03c",
            "version": 1, "algorithm": "EC-P256", "usage": "signVerify",
            "der": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdjgPuY3mwL/hV3zl6xUYTbOxaEcNEMoiCeQrxn8/gaOdUBFQpI32OrVqqQ7cwLTdqIjUOkkUw30efMf9mY0eYw==",
            "pem": "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdjgPuY3mwL/hV3zl6xUYTbOxaEcN\nEMoiCeQrxn8/gaOdUBFQpI32OrVqqQ7cwLTdqIjUOkkUw30efMf9mY0eYw==\n-----END PUBLIC KEY-----\n",
            "jwk": {"kty": "EC", "crv": "P-256", "x": "djgPuY3mwL_hV3zl6xUYTbOxaEcNEMoiCeQrxn8_gaM",
            "y": "nVARUKSN9jq1aqkO3MC03aiI1DpJFMN9HnzH_ZmNHmM"}}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let publicKeyOfVersion = Guide(
        """
        Returns the public key of one version as DER, PEM and JWK, also if the version may no longer sign, so that old signatures
        can be verified. Fails with `VERSION_NOT_FOUND` if the key never had the version.
        """,
        path: ["key": "invoices"],
        answer: #"""
            {"code": "SUCCESS", "message": "public key", "data": {"keyId": "5bffe763-0344-4704-9d86-f255b608f03c",
            "version": 1, "algorithm": "EC-P256", "usage": "signVerify",
            "der": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdjgPuY3mwL/hV3zl6xUYTbOxaEcNEMoiCeQrxn8/gaOdUBFQpI32OrVqqQ7cwLTdqIjUOkkUw30efMf9mY0eYw==",
            "pem": "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdjgPuY3mwL/hV3zl6xUYTbOxaEcN\nEMoiCeQrxn8/gaOdUBFQpI32OrVqqQ7cwLTdqIjUOkkUw30efMf9mY0eYw==\n-----END PUBLIC KEY-----\n",
            "jwk": {"kty": "EC", "crv": "P-256", "x": "djgPuY3mwL_hV3zl6xUYTbOxaEcNEMoiCeQrxn8_gaM",
            "y": "nVARUKSN9jq1aqkO3MC03aiI1DpJFMN9HnzH_ZmNHmM"}}, "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
