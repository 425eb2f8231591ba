// The descriptions and examples of batches of signatures and MACs.

extension Guide {
    static let signBatch = Guide(
        """
        Signs each item, a message or a digest, with the default version of a key. `algorithm` and `form` hold for all items. The
        results are in the order of the items. Fails as a whole with `USAGE_FORBIDS` if the key is not a signing key.
        """,
        path: ["key": "invoices"],
        answer: #"""
            {"code": "SUCCESS", "message": "batch done", "data": {"failures": 0, "results": [{
            "keyId": "5bffe763-0344-4704-9d86-f255b608f03c", "version": 1, "algorithm": "ECDSA_SHA_256",
            "signature": "MEUCIQDYpP6Q1vDhe9gRYzt1Z3lRUh6VFlElspj0d/g3Agj+kwIgXu8MXdc5hKmgEIcjPdxbLe8bYlzVzY8cYjZxOGXV924="}]},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let verifyBatch = Guide(
        """
        Verifies the signature of each item. `algorithm`, `form` and `version` hold for all items. A wrong signature is not a
        failure: its result has `valid: false`. Fails as a whole with `USAGE_FORBIDS` if the key is not a signing key.
        """,
        path: ["key": "invoices"],
        answer: #"""
            {"code": "SUCCESS", "message": "batch done", "data": {"failures": 0, "results": [{
            "keyId": "5bffe763-0344-4704-9d86-f255b608f03c", "version": 1, "valid": true}]},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let generateMACs = Guide(
        """
        Computes the HMAC of each item with the default version of a key. The results are in the order of the items. Fails as a
        whole with `USAGE_FORBIDS` if the key is not an HMAC key.
        """,
        path: ["key": "sessions"],
        answer: #"""
            {"code": "SUCCESS", "message": "batch done", "data": {"failures": 0, "results": [{
            "keyId": "a67d8735-3159-4746-8f7b-808ffdbe4cdf", "version": 1,
            "hmac": "zRrW8L88MoO1wTo/0vvGmz0dFv1j6H2aLUQurzLGYq8="}]}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let verifyMACs = Guide(
        """
        Verifies the HMAC of each item. `version` holds for all items. A wrong HMAC is not a failure: its result has
        `valid: false`. Fails as a whole with `USAGE_FORBIDS` if the key is not an HMAC key.
        """,
        path: ["key": "sessions"],
        answer: #"""
            {"code": "SUCCESS", "message": "batch done", "data": {"failures": 0, "results": [{
            "keyId": "a67d8735-3159-4746-8f7b-808ffdbe4cdf", "version": 1, "valid": true}]},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
