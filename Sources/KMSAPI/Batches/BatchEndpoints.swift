import HTTPTypes
import KeyManagement

/// The endpoints of batches: many items of one kind in one request, each with a result of its own. One item's failure does not affect the
/// others.
extension EndpointGroup {
    static let batches = EndpointGroup(
        "batches", "Batches of 1 to 1,000 items, each with its own result.",
        [
            .issueDataKeys, .encryptBatch, .decryptBatchUnderKey, .reEncryptBatch, .signBatch, .verifyBatch,
            .generateMACs, .verifyMACs, .decryptBatch,
        ])
}

extension Endpoint {
    fileprivate static let issueDataKeys = batch(
        "data-key", "issueDataKeys", "Issues data keys", guide: .issueDataKeys, verb: .issueDataKey,
        of: DataKeyBody.self, Answers.dataKey
    ) { body, key, request in
        let items = body.items.map {
            DataKeyItem(spec: $0.spec, context: $0.context, includesPlaintext: $0.includesPlaintext)
        }
        return try await request.service.issueDataKeys(batch: items, under: key, by: request.caller)
    }

    fileprivate static let encryptBatch = batch(
        "encrypt", "encryptBatch", "Encrypts under an AES key", guide: .encryptBatch, verb: .encrypt,
        of: EncryptBatchItem.self,
        Answers.encrypted
    ) { body, key, request in
        try await request.service.encrypt(batch: body.items.map(\.item), under: key, by: request.caller)
    }

    fileprivate static let decryptBatchUnderKey = batch(
        "decrypt", "decryptBatchUnderKey", "Decrypts under a key", guide: .decryptBatchUnderKey, verb: .decrypt,
        of: DecryptBatchItem.self,
        Answers.decrypted
    ) { body, key, request in
        try await request.service.decrypt(batch: body.items.map(\.item), under: key, by: request.caller)
    }

    fileprivate static let reEncryptBatch = batch(
        "re-encrypt", "reEncryptBatch", "Re-encrypts", guide: .reEncryptBatch, verb: .reEncrypt, of: ReEncryptBody.self,
        Answers.reEncrypted
    ) { body, key, request in
        try await request.service.reEncrypt(batch: body.items.map(\.item), under: key, by: request.caller)
    }

    fileprivate static let signBatch = batch(
        "sign", "signBatch", "Signs", guide: .signBatch, verb: .sign, of: SignBatchItem.self, Answers.signed
    ) { body, key, request in
        try await request.service.sign(
            batch: body.items.map(\.input), with: key, algorithm: body.options.algorithm, form: body.options.form,
            by: request.caller)
    }

    fileprivate static let verifyBatch = batch(
        "verify", "verifyBatch", "Verifies signatures", guide: .verifyBatch, verb: .verify, of: VerifyBatchItem.self,
        Answers.verified
    ) { body, key, request in
        try await request.service.verify(
            batch: body.items.map(\.item), with: key, version: body.options.version, algorithm: body.options.algorithm,
            form: body.options.form, by: request.caller)
    }

    fileprivate static let generateMACs = batch(
        "hmac", "generateMACs", "Computes HMACs", guide: .generateMACs, verb: .generateMAC, of: GenerateMACBody.self,
        Answers.mac
    ) { body, key, request in
        try await request.service.generateMAC(ofBatch: body.items.map(\.message), with: key, by: request.caller)
    }

    fileprivate static let verifyMACs = batch(
        "verify-hmac", "verifyMACs", "Verifies HMACs", guide: .verifyMACs, verb: .verifyMAC,
        of: VerifyMACBatchItem.self, Answers.verified
    ) { body, key, request in
        try await request.service.verifyMAC(
            batch: body.items.map(\.item), with: key, version: body.options.version, by: request.caller)
    }

    fileprivate static let decryptBatch = Endpoint(
        .post, "batch/decrypt", "decryptBatch", "Decrypts under the keys that the ciphertexts name",
        guide: .decryptBatch, verb: .decrypt,
        body: BatchBody<DecryptBatchItem>.self, limit: .batch, answer: Answers.batch(of: Answers.decrypted),
        message: "batch done", failures: FailureCode.ofDecryption
    ) { request in
        let body = try await request.body()
        return body.results(
            try await request.service.decrypt(batch: body.items.map(\.item), under: nil, by: request.caller))
    }

    /// Returns the endpoint of a batch under one key.
    private static func batch<Item: BatchItem, Value>(
        _ word: String, _ id: String, _ summary: String, guide: Guide, verb: Verb, of item: Item.Type,
        _ answer: Answer<Value>,
        handle:
            @escaping @Sendable (BatchBody<Item>, KeyReference, EndpointRequest<BatchBody<Item>>) async throws ->
            [ItemResult<Value>]
    ) -> Endpoint {
        Endpoint(
            .post, "keys/{key}/batch/\(word)", id, summary + ", up to 1,000 in one request", guide: guide, verb: verb,
            body: BatchBody<Item>.self,
            limit: .batch, answer: Answers.batch(of: answer), message: "batch done",
            failures: FailureCode.ofDecryption
        ) { request in
            let key = try request.key()
            let body = try await request.body()
            return body.results(try await handle(body, key, request))
        }
    }
}
