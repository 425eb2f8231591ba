import JSONText
import KeyManagement
import NIOCore

extension Operation {
    static let generateDataKey = Operation(
        .generateDataKey, .key, .context, .may("NumberOfBytes", .integer(1...1024)),
        .may("KeySpec", .one(AWSNames.dataKeySpecs)), .tokens,
        .recipient, .dryRun
    ) { (call) throws(AWSFailure) in
        try await call.generateDataKey(includesPlaintext: true)
    }

    static let generateDataKeyWithoutPlaintext = Operation(
        .generateDataKeyWithoutPlaintext, .key, .context, .may("NumberOfBytes", .integer(1...1024)),
        .may("KeySpec", .one(AWSNames.dataKeySpecs)), .tokens,
        .recipient, .dryRun
    ) { (call) throws(AWSFailure) in
        try await call.generateDataKey(includesPlaintext: false)
    }

    static let generateDataKeyPair = Operation(
        .generateDataKeyPair, .context, .key, .must("KeyPairSpec", .one(AWSNames.keyPairSpecs)), .tokens, .recipient,
        .dryRun
    ) { (call) throws(AWSFailure) in
        try await call.generateDataKeyPair(includesPlaintext: true)
    }

    static let generateDataKeyPairWithoutPlaintext = Operation(
        .generateDataKeyPairWithoutPlaintext, .context, .key, .must("KeyPairSpec", .one(AWSNames.keyPairSpecs)),
        .tokens, .recipient, .dryRun
    ) { (call) throws(AWSFailure) in
        try await call.generateDataKeyPair(includesPlaintext: false)
    }

    static let generateRandom = Operation(
        .generateRandom, .may("NumberOfBytes", .integer(1...1024)), .may("CustomKeyStoreId", .text(1...64, nil)),
        .recipient
    ) { (call) throws(AWSFailure) in
        try await call.generateRandom()
    }
}

/// GenerateDataKey, GenerateDataKeyWithoutPlaintext, GenerateDataKeyPair, GenerateDataKeyPairWithoutPlaintext, GenerateRandom.
extension AWSCall {
    func generateDataKey(includesPlaintext: Bool) async throws(AWSFailure) -> ByteBuffer {
        try refuse("Recipient")
        let reference = try key()
        let spec = try dataKeySpec()
        let context = try input.context()
        let dataKey = try await ask(about: reference) { () throws(KMSError) in
            try await service.issueDataKey(
                under: reference, spec: spec, context: context, includesPlaintext: includesPlaintext, by: caller)
        }
        try endDryRun()
        let version = dataKey.ciphertext.version
        return answer(capacity: 512 + 3 * spec.byteCount) {
            $0.field("CiphertextBlob", base64: dataKey.ciphertext.bytes)
            if let plaintext = dataKey.plaintext { $0.field("Plaintext", base64: plaintext) }
            $0.field("KeyId", place.arn(version.key))
            $0.field("KeyMaterialId", version.awsMaterialID)
        }
    }

    private func dataKeySpec() throws(AWSFailure) -> DataKeySpec {
        let spec = input.optionalText("KeySpec")
        let count = input.optionalInteger("NumberOfBytes")
        switch (spec, count) {
        case ("AES_256", nil): return .aes256
        case ("AES_128", nil): return .aes128
        case (nil, let count?):
            guard let spec = try? DataKeySpec(byteCount: count) else { throw .validation("NumberOfBytes is 1 to 1024") }
            return spec
        default: throw .validation("Please specify either number of bytes or key spec.")
        }
    }

    func generateDataKeyPair(includesPlaintext: Bool) async throws(AWSFailure) -> ByteBuffer {
        try refuse("Recipient")
        let reference = try key()
        let spec = input.text("KeyPairSpec")
        guard let algorithm = KeyAlgorithm(awsKeySpec: spec), algorithm != .ed25519 else {
            throw .unsupported("KeyPairSpec \(spec) is not supported by this service.")
        }
        let context = try input.context()
        let pair = try await ask(about: reference) { () throws(KMSError) in
            try await service.issueDataKeyPair(
                algorithm, under: reference, context: context, includesPlaintext: includesPlaintext, by: caller)
        }
        try endDryRun()
        return answer(capacity: 9216) {
            $0.field("PrivateKeyCiphertextBlob", base64: pair.ciphertext.bytes)
            if let privateKey = pair.privateKey { $0.field("PrivateKeyPlaintext", base64: privateKey) }
            $0.field("PublicKey", base64: pair.publicKey.der)
            $0.field("KeyId", place.arn(pair.ciphertext.version.key))
            $0.field("KeyPairSpec", spec)
            $0.field("KeyMaterialId", pair.ciphertext.version.awsMaterialID)
        }
    }

    func generateRandom() async throws(AWSFailure) -> ByteBuffer {
        try refuse("Recipient", "CustomKeyStoreId")
        guard let count = input.optionalInteger("NumberOfBytes") else {
            throw .validation("NumberOfBytes is required.")
        }
        let random = try await ask { () throws(KMSError) in
            try await service.generateRandom(byteCount: count, by: caller)
        }
        return answer(capacity: 64 + 2 * count) { $0.field("Plaintext", base64: random) }
    }
}
