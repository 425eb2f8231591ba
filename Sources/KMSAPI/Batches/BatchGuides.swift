// The descriptions and examples of batches of encryption and decryption.

extension Guide {
    static let issueDataKeys = Guide(
        """
        Issues a data key for each item. The results are in the order of the items. An item that fails has `code` and `message`
        in its place, and does not affect the others; `failures` counts such items.
        """,
        body: #"{"items": [{"context": {"employee": "1001"}}, {"context": {"employee": "1002"}, "plaintext": false}]}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "batch done", "data": {"failures": 0, "results": [{
            "keyId": "647c9620-0d2b-46fa-b426-5c985651f758", "version": 1,
            "plaintext": "gKVCiG5ZHq23Qf6hSTCCcT1Q7dtPHAehEYQ6JfdMWGg=",
            "ciphertext": "AWR8liANK0b6tCZcmFZR91gAAAABzEjowPJQNoIA3uCg+ClMj1SnMGTYhGikf8+QIL/x15tWQYG2vtSDio4UxXpdsY7HE6Di0fkG9/lSDM3x",
            "ciphertextText": "kms:1:AWR8liANK0b6tCZcmFZR91gAAAABzEjowPJQNoIA3uCg+ClMj1SnMGTYhGikf8+QIL/x15tWQYG2vtSDio4UxXpdsY7HE6Di0fkG9/lSDM3x"},
            {"keyId": "647c9620-0d2b-46fa-b426-5c985651f758", "version": 1,
            "ciphertext": "AWR8liANK0b6tCZcmFZR91gAAAABXNt63susBQEHTr48LAQWKkLt5IDfdKDnZqEz/geyYhmExVM7TUMXW1udjVqNClptobCLlZymFZw9YDKO",
            "ciphertextText": "kms:1:AWR8liANK0b6tCZcmFZR91gAAAABXNt63susBQEHTr48LAQWKkLt5IDfdKDnZqEz/geyYhmExVM7TUMXW1udjVqNClptobCLlZymFZw9YDKO"}]},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let encryptBatch = Guide(
        """
        Encrypts each item with the default version of an AES key. The results are in the order of the items, each a ciphertext
        or the `code` and `message` of its failure. Fails as a whole with `USAGE_FORBIDS` if the key is not for encryption.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "batch done", "data": {"failures": 0, "results": [{
            "keyId": "647c9620-0d2b-46fa-b426-5c985651f758", "version": 1,
            "ciphertext": "AWR8liANK0b6tCZcmFZR91gAAAABAzixKpeY3mnX4MSSKHisLafej5SrbjQmCykNERcb5eIP",
            "ciphertextText": "kms:1:AWR8liANK0b6tCZcmFZR91gAAAABAzixKpeY3mnX4MSSKHisLafej5SrbjQmCykNERcb5eIP"}]},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let decryptBatchUnderKey = Guide(
        """
        Decrypts each item, a ciphertext of this key. The results are in the order of the items. An item that cannot be decrypted
        has `code` and `message` in its place, and does not affect the others.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "batch done", "data": {"failures": 0, "results": [{
            "keyId": "647c9620-0d2b-46fa-b426-5c985651f758", "version": 1, "plaintext": "aGVsbG8="}]},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let decryptBatch = Guide(
        """
        Decrypts each item under the key that its ciphertext names. The results are in the order of the items. An item that
        cannot be decrypted has `code` and `message` in its place, and does not affect the others.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "batch done", "data": {"failures": 0, "results": [{
            "keyId": "647c9620-0d2b-46fa-b426-5c985651f758", "version": 1, "plaintext": "aGVsbG8="}]},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let reEncryptBatch = Guide(
        """
        Decrypts each item and encrypts it with the default version of this key, without returning the plaintexts. The results
        are in the order of the items. An item that fails has `code` and `message` in its place.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "batch done", "data": {"failures": 0, "results": [{
            "sourceKeyId": "647c9620-0d2b-46fa-b426-5c985651f758", "sourceVersion": 1,
            "keyId": "647c9620-0d2b-46fa-b426-5c985651f758", "version": 1,
            "ciphertext": "AWR8liANK0b6tCZcmFZR91gAAAABR5gRx4/fxjXCi6GKs628cztsex3rxnAcGEhb8GQHea1H",
            "ciphertextText": "kms:1:AWR8liANK0b6tCZcmFZR91gAAAABR5gRx4/fxjXCi6GKs628cztsex3rxnAcGEhb8GQHea1H"}]},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
