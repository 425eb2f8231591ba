import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let cryptography = OperationGroup(
        "cryptography", "What keys encrypt and decrypt.",
        [
            APIOperation(
                .post, "keys/{key}/data-key", "issueDataKey", "Issues a data key, and the same encrypted",
                optionalBody: .dataKey, data: DataSchemas.dataKey.ref, failures: FailureCode.ofUses),
            APIOperation(
                .post, "keys/{key}/data-key-pair", "issueDataKeyPair",
                "Issues a key pair, its private half encrypted", body: .dataKeyPair,
                data: DataSchemas.dataKeyPair.ref, failures: FailureCode.ofUses),
            APIOperation(
                .post, "keys/{key}/encrypt", "encrypt", "Encrypts at most 4 KiB", body: .encrypt,
                data: DataSchemas.encrypted.ref, failures: FailureCode.ofUses),
            APIOperation(
                .post, "keys/{key}/decrypt", "decryptUnderKey", "Decrypts what this key encrypted", body: .decrypt,
                data: DataSchemas.decrypted.ref, failures: ofDecryption),
            APIOperation(
                .post, "keys/{key}/re-encrypt", "reEncrypt",
                "Decrypts and encrypts again under this key, without showing the plaintext", body: .reEncrypt,
                data: DataSchemas.reEncrypted.ref, failures: ofDecryption),
            APIOperation(
                .post, "decrypt", "decrypt", "Decrypts under the key that the ciphertext names", body: .decryptAnywhere,
                data: DataSchemas.decrypted.ref, failures: ofDecryption),
            APIOperation(
                .post, "random", "random", "Draws random bytes from the token", body: .random,
                data: DataSchemas.random.ref),
        ])

    static let ofDecryption = FailureCode.ofUses.union([.decryptionFailed, .versionNotFound])
}
