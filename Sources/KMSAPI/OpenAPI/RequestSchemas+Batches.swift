import KeyManagement

/// The bodies of batches.
extension RequestSchema {
    static let dataKeyBatch = batch(
        of: "DataKeyBatch", DataKeyBody.self, Schema.object(dataKeyFields).with("not", dataKeyTwice))
    /// The batch of `encrypt`. A wrong length of an item is reported in the item's result and does not fail the request.
    static let encryptBatch = batch(
        of: "EncryptBatch", EncryptBatchItem.self,
        .object([
            .must("plaintext", Schema.base64().described("1 to \(KeyService.longestPlaintext) bytes.")),
            .may("context", .context),
        ]))
    static let decryptBatch = batch(of: "DecryptBatch", DecryptBatchItem.self, .object(decryptFields))
    static let reEncryptBatch = batch(of: "ReEncryptBatch", ReEncryptBody.self, .object(reEncryptFields))
    static let signBatch = batch(
        of: "SignBatch", SignBatchItem.self, Schema.object(signedFields).with("oneOf", messageOrDigest),
        beside: signatureOptions)
    static let verifyBatch = batch(
        of: "VerifyBatch", VerifyBatchItem.self,
        Schema.object(signedFields + [.must("signature", .signature)]).with("oneOf", messageOrDigest),
        beside: signatureOptions + [.may("version", .version)])
    static let macBatch = batch(of: "MACBatch", GenerateMACBody.self, .object([.must("message", .message)]))
    static let verifyMACBatch = batch(
        of: "VerifyMACBatch", VerifyMACBatchItem.self, .object(verifyMACFields),
        beside: [.may("version", .version)])

    /// Returns the schema of a batch.
    ///
    /// - Parameter shared: the fields that apply to all items.
    private static func batch<Item: BatchItem>(
        of name: String, _ shape: Item.Type, _ item: Schema, beside shared: [Property] = []
    ) -> RequestSchema {
        RequestSchema(
            name, BatchBody<Item>.self,
            [.must("items", Schema.list(of: item, atMost: 1000).with("minItems", 1))] + shared)
    }
}
