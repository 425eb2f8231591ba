import KeyManagement

extension DataSchemas {
    static let ofCryptography = [
        dataKey, dataKeyPair, encrypted, decrypted, reEncrypted, random, signed, verified, mac, sharedSecret, publicKey,
        itemFailure,
    ]

    /// The key and version that performed the operation.
    private static let source: [Property] = [.must("keyId", .text(Patterns.uuid)), .must("version", .version)]
    /// A ciphertext in both of its forms.
    private static let ciphertext: [Property] = [
        .must("ciphertext", .base64()), .must("ciphertextText", Schema.text.described("The same as text.")),
    ]

    static let dataKey = NamedSchema("IssuedDataKey", source + [.may("plaintext", .base64())] + ciphertext)
    static let dataKeyPair = NamedSchema(
        "IssuedDataKeyPair",
        source + [.must("publicKey", .base64()), .may("privateKey", .base64())] + ciphertext)
    static let encrypted = NamedSchema("Encrypted", source + ciphertext)
    static let decrypted = NamedSchema("Decrypted", source + [.must("plaintext", .base64())])
    static let reEncrypted = NamedSchema(
        "ReEncrypted",
        [.must("sourceKeyId", .text(Patterns.uuid)), .must("sourceVersion", .version)] + source + ciphertext)
    static let random = NamedSchema("RandomBytes", [.must("plaintext", .base64())])
    static let signed = NamedSchema(
        "Signed", source + [.must("algorithm", .one(of: SignatureAlgorithm.self)), .must("signature", .base64())])
    static let verified = NamedSchema("Verified", source + [.must("valid", .flag)])
    /// A shared secret, the x-coordinate: 32, 48 or 66 bytes.
    static let sharedSecret = NamedSchema("SharedSecret", source + [.must("secret", .base64())])
    static let mac = NamedSchema("MAC", source + [.must("hmac", .base64())])
    static let publicKey = NamedSchema(
        "PublicKey",
        source + [
            .must("algorithm", .algorithm), .must("usage", .one(of: KeyUsage.self)), .must("der", .base64()),
            .must("pem", .text), .must("jwk", .pairs(of: .text)),
        ])

    /// The failure of one item of a batch.
    static let itemFailure = NamedSchema(
        "ItemFailure",
        [
            .must("code", .one(of: FailureCode.allCases.filter(itemCodes.contains).map(\.rawValue))),
            .must("message", .text),
        ])
    private static let itemCodes = FailureCode.ofUses.union(FailureCode.always).union([
        .accessDenied, .decryptionFailed, .versionNotFound, .conflict,
    ]).subtracting([.headersTooLarge, .tooManyFailures])

    /// Returns the schema of a batch's results, in the order of its items.
    static func batch(of item: NamedSchema) -> Schema {
        .object([
            .must("failures", .count),
            .must("results", .list(of: .oneOf(item.ref, itemFailure.ref))),
        ])
    }
}
