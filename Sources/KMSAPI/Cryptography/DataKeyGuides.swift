// The descriptions and examples of data keys.

extension Guide {
    static let issueDataKey = Guide(
        """
        Issues a random data key, in plaintext and encrypted under the key. Encrypt data with the plaintext, erase it, and store
        the ciphertext with the data; decrypt the ciphertext to read the data again. With `plaintext: false` only the ciphertext
        is returned. Fails with `STATE_FORBIDS` if the key is disabled.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "data key issued", "data": {"keyId": "647c9620-0d2b-46fa-b426-5c985651f758",
            "version": 1, "plaintext": "7YVO5vptZ/tjLLe7FnDDZ3gY3M9Eq3srUkRYMZinS0o=",
            "ciphertext": "AWR8liANK0b6tCZcmFZR91gAAAABBJIDFQf1qsm47+xf+2dep+DgL6elLMhFeEkfw0emDwRJgJtTpVVubUb6ioclPk1F/y9bCa6KWJ1Wr53s",
            "ciphertextText": "kms:1:AWR8liANK0b6tCZcmFZR91gAAAABBJIDFQf1qsm47+xf+2dep+DgL6elLMhFeEkfw0emDwRJgJtTpVVubUb6ioclPk1F/y9bCa6KWJ1Wr53s"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let issueDataKeyPair = Guide(
        """
        Issues a random key pair: the public key, and the private key (PKCS #8) in plaintext and encrypted under the key. With
        `plaintext: false` the private key is returned encrypted only. Fails with `UNSUPPORTED` if the token cannot make a pair
        of the algorithm.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "data-key pair issued", "data": {
            "keyId": "647c9620-0d2b-46fa-b426-5c985651f758", "version": 1,
            "publicKey": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEsLjadiP9uhuQMP+kdrq0G/N+MDQ3vYtWiEC1s70gnrFLtomUoKB6TmFO7BQ9SxQ5m+nKg6GIUvpKp4Iy1miCtw==",
            "privateKey": "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgeRagSEfUBzBpx16dSZmJZBnNlRzkdyXDsCYSQUHOd76hRANCAASwuNp2I/26G5Aw/6R2urQb834wNDe9i1aIQLWzvSCesUu2iZSgoHpOYU7sFD1LFDmb6cqDoYhS+kqngjLWaIK3",
            "ciphertext": "AWR8liANK0b6tCZcmFZR91gAAAAB11vpsQlzVXySdizpAKNUCO5c+bFe+5PAv1xHl+PR+YvbJ1TWEWFNkWOjK88u1qc0GG++",
            "ciphertextText": "kms:1:AWR8liANK0b6tCZcmFZR91gAAAAB11vpsQlzVXySdizpAKNUCO5c+bFe+5PAv1xHl+PR+YvbJ1TWEWFNkWOjK88u1qc0GG++fJnOhnuc1QAnbfUz3hxv/AGH/8EkEU47IrPopKrNnpU1semlRi/nsFXuBrOojDtssiEN/iwhYqCBirxISaf2ubnPIqrljL1frZYKQIPmtb9Frv+UWTveDNn+zhmOHiCiKyMsJJAL63fUG4ScTOaVj9vrSg=="},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
