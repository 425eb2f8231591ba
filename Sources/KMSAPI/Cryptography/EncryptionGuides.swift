// The descriptions and examples of encryption and decryption.

extension Guide {
    static let encrypt = Guide(
        """
        Encrypts 1 to 4,096 bytes with the default version of a key. The encryption context is not secret: it is authenticated,
        recorded in the audit log, and required for decryption. RSA keys take `padding` and no context. Fails with
        `STATE_FORBIDS` if the key is disabled, and with `USAGE_FORBIDS` if it is not a key for encryption.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "encrypted", "data": {"keyId": "647c9620-0d2b-46fa-b426-5c985651f758",
            "version": 1, "ciphertext": "AWR8liANK0b6tCZcmFZR91gAAAABMh3STOeaHVeChwCCuT/f2pm6mUKtrmJXRCATyQEmxYkw",
            "ciphertextText": "kms:1:AWR8liANK0b6tCZcmFZR91gAAAABMh3STOeaHVeChwCCuT/f2pm6mUKtrmJXRCATyQEmxYkw"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let decryptUnderKey = Guide(
        """
        Decrypts a ciphertext of this key, made by any of its versions. Fails with `DECRYPTION_FAILED` if the ciphertext or the
        encryption context differs, or if another key made it; the answer does not say which.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "decrypted", "data": {"keyId": "647c9620-0d2b-46fa-b426-5c985651f758",
            "version": 1, "plaintext": "aGVsbG8="}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let decrypt = Guide(
        """
        Decrypts a ciphertext under the key that it names. Use it if a program does not know the key; a program that does should
        decrypt under that key. Fails with `DECRYPTION_FAILED` for every ciphertext that cannot be decrypted, and for a key that
        the caller may not use.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "decrypted", "data": {"keyId": "647c9620-0d2b-46fa-b426-5c985651f758",
            "version": 1, "plaintext": "aGVsbG8="}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let reEncrypt = Guide(
        """
        Decrypts a ciphertext and encrypts the plaintext with the default version of this key, without returning it. Use it to
        move data to a new version, key or encryption context. The caller needs the right to decrypt with the source key too.
        Fails with `DECRYPTION_FAILED` if the ciphertext cannot be decrypted.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "re-encrypted", "data": {
            "sourceKeyId": "647c9620-0d2b-46fa-b426-5c985651f758", "sourceVersion": 1,
            "keyId": "647c9620-0d2b-46fa-b426-5c985651f758", "version": 1,
            "ciphertext": "AWR8liANK0b6tCZcmFZR91gAAAABByDUPRVd12BTeGQ68KZzWNOmvSKZAjZoVG1XOIt6+5h9",
            "ciphertextText": "kms:1:AWR8liANK0b6tCZcmFZR91gAAAABByDUPRVd12BTeGQ68KZzWNOmvSKZAjZoVG1XOIt6+5h9"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let random = Guide(
        "Returns up to 1,024 random bytes, made by the token.",
        answer: #"""
            {"code": "SUCCESS", "message": "random bytes", "data": {
            "plaintext": "KLggZm8Giz2tQt+AYommtIA0/6uFhCvUDc3IRySqgH4="}, "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
