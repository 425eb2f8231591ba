import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let batches = OperationGroup(
        "batches", "1 to 1,000 of one kind in one request, each with a result of its own.",
        [
            batch("data-key", "issueDataKeys", "Issues data keys", .dataKeyBatch, DataSchemas.dataKey),
            batch("encrypt", "encryptBatch", "Encrypts under an AES key", .encryptBatch, DataSchemas.encrypted),
            batch("decrypt", "decryptBatchUnderKey", "Decrypts under a key", .decryptBatch, DataSchemas.decrypted),
            batch("re-encrypt", "reEncryptBatch", "Encrypts again", .reEncryptBatch, DataSchemas.reEncrypted),
            batch("sign", "signBatch", "Signs", .signBatch, DataSchemas.signed),
            batch("verify", "verifyBatch", "Verifies signatures", .verifyBatch, DataSchemas.verified),
            batch("hmac", "generateMACs", "Makes HMACs", .macBatch, DataSchemas.mac),
            batch("verify-hmac", "verifyMACs", "Verifies HMACs", .verifyMACBatch, DataSchemas.verified),
            APIOperation(
                .post, "batch/decrypt", "decryptBatch", "Decrypts under the keys that the ciphertexts name",
                body: .decryptBatch, data: DataSchemas.batch(of: DataSchemas.decrypted), failures: ofDecryption),
        ])

    private static func batch(
        _ verb: String, _ id: String, _ summary: String, _ body: RequestSchema, _ item: NamedSchema
    ) -> APIOperation {
        APIOperation(
            .post, "keys/{key}/batch/\(verb)", id, summary + ", many at once", body: body,
            data: DataSchemas.batch(of: item), failures: ofDecryption)
    }
}
