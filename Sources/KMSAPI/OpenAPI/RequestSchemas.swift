import KeyManagement

// The bodies of requests about keys, their uses, and the directory, in the order of the routes.

extension Schema {
    static let keyReference = Schema.text(Patterns.name).described("The name or the id of a key.")
    static let description = Schema.text(Patterns.plain, length: 0...KeyDescription.longest)
        .described("At most \(KeyDescription.longest) bytes of UTF-8, without control characters.")
    static let tags = Schema.pairs(
        of: .text(Patterns.plain, length: 0...256), names: .text(Patterns.plain, length: 1...128)
    ).with("maxProperties", .number(KeyTags.most))
    static let dryRun = Schema.flag.described("Tell what would happen, and do nothing.")
    static let context = Schema.pairs(of: .text, names: Schema(["minLength": 1]))
        .described("The encryption context: whoever decrypts must give the same. At most 8 KiB.")
    static let version = Schema.number(1...Int(UInt32.max))
    static let algorithm = Schema.one(of: KeyAlgorithm.self)
    static let ciphertext = Schema.text.described("A ciphertext of the service, in its text form or as base64.")
    static let message = Schema.base64(atMost: 65536)
    static let signature = Schema.base64(atMost: 1024)
    static let digest = Schema.base64(atMost: 64)
}

extension RequestSchema {
    static let createKey = RequestSchema(
        "CreateKey", CreateKeyBody.self,
        [
            .must("name", .text(Patterns.name)), .may("description", .description), .may("tags", .tags),
            .may("algorithm", .algorithm), .may("usage", .one(of: KeyUsage.self)),
            .may("origin", .one(of: KeyOrigin.self)), .may("rotationDays", .number(1...RotationPeriod.longestNative)),
            .may("preActivation", .flag.described("Make no version yet.")), .may("dryRun", .dryRun),
        ]
    ).with("allOf", .list([importedDoesNotRotate] + KeyUsage.allCases.map(algorithms)))
    /// Excludes a rotation period for imported material, which is not rotated automatically.
    private static let importedDoesNotRotate: DocumentValue = [
        "not": ["properties": ["origin": ["const": "imported"]], "required": ["origin", "rotationDays"]]
    ]
    /// Returns the condition that a usage fits its algorithm; without an algorithm it is AES.
    private static func algorithms(for usage: KeyUsage) -> DocumentValue {
        let algorithms = KeyAlgorithm.allCases.filter { $0.usages.contains(usage) }
        let known: DocumentValue = ["properties": ["algorithm": ["enum": .texts(algorithms.map(\.rawValue))]]]
        let isGiven: DocumentValue = ["required": ["algorithm"]]
        return [
            "if": ["properties": ["usage": ["const": .text(usage.rawValue)]], "required": ["usage"]],
            "then": ["allOf": .list(algorithms.contains(.aes256GCM96) ? [known] : [known, isGiven])],
        ]
    }
    static let updateKey = RequestSchema(
        "UpdateKey", UpdateKeyBody.self,
        [
            .may("name", .text(Patterns.name)), .may("description", .description), .may("tags", .tags),
            .may("rotationDays", .number(0...RotationPeriod.longestNative).described("0: not any more.")),
            .may("dryRun", .dryRun),
        ]
    ).with("anyOf", .list(["name", "description", "tags", "rotationDays"].map { ["required": [.text($0)]] }))
    private static let ofChanges: [Property] = [
        .may("reason", .one(of: ChangeReason.self)), .may("comment", .description), .may("dryRun", .dryRun),
    ]
    /// Requires a reason with every comment.
    private static let commentNeedsReason: DocumentValue = ["comment": ["reason"]]
    static let change = RequestSchema("Change", ChangeBody.self, ofChanges)
        .with("dependentRequired", commentNeedsReason)
    static let scheduleDestruction = RequestSchema(
        "ScheduleDestruction", ScheduleDestructionBody.self,
        [
            .may(
                "days",
                .number(0...KeyRules.mostDestructionDays)
                    .described("How long it can still be cancelled; the operator says how few are enough."))
        ] + ofChanges
    ).with("dependentRequired", commentNeedsReason)

    static let dataKey = RequestSchema("DataKey", DataKeyBody.self, dataKeyFields).with("not", dataKeyTwice)
    static let dataKeyFields: [Property] = [
        .may("keySpec", .one(of: ["AES_256", "AES_128"])), .may("bytes", .number(1...DataKeySpec.longest)),
        .may("context", .context), .may("plaintext", .flag.described("Whether the data key itself is answered.")),
    ]
    /// The combination of `keySpec` and `bytes`, which is not allowed.
    static let dataKeyTwice: DocumentValue = ["required": ["keySpec", "bytes"]]
    static let dataKeyPair = RequestSchema(
        "DataKeyPair", DataKeyPairBody.self,
        [
            .must("algorithm", .one(of: KeyAlgorithm.allCases.filter(\.isAsymmetric).map(\.rawValue))),
            .may("context", .context),
            .may("plaintext", .flag.described("Whether the private key itself is answered.")),
        ])
    static let encrypt = RequestSchema(
        "Encrypt", EncryptBody.self, encryptFields + [.may("padding", .one(of: AsymmetricEncryption.self))])
    static let encryptFields: [Property] = [
        .must("plaintext", .base64(atMost: KeyService.longestPlaintext).with("minLength", 4)),
        .may("context", .context),
    ]
    static let decrypt = RequestSchema(
        "Decrypt", DecryptBody.self,
        decryptFields + [.may("padding", .one(of: AsymmetricEncryption.self)), .may("version", .version)],
        "`padding` is for what somebody encrypted with the public key of an RSA key: then `ciphertext` is base64 of it, and `version` may name the version."
    ).with("dependentRequired", ["version": ["padding"]])
        .with("if", ["required": ["padding"]])
        .with("then", ["properties": ["context": ["maxProperties": 0], "ciphertext": Schema.base64().value]])
    /// The body of decryption without a key in the path. The ciphertext must name its own key, so padding is not allowed.
    static let decryptAnywhere = RequestSchema(
        name: "DecryptAnywhere", fieldNames: decrypt.fieldNames, schema: decrypt.schema
    )
    .with("not", ["required": ["padding"]])
    static let decryptFields: [Property] = [.must("ciphertext", .ciphertext), .may("context", .context)]
    static let reEncrypt = RequestSchema("ReEncrypt", ReEncryptBody.self, reEncryptFields)
    static let reEncryptFields: [Property] = [
        .must("ciphertext", .ciphertext), .may("sourceContext", .context), .may("context", .context),
    ]
    static let random = RequestSchema("Random", RandomBody.self, [.must("bytes", .number(1...1024))])

    static let sign = RequestSchema("Sign", SignBody.self, signedFields + signatureOptions).with(
        "oneOf", messageOrDigest)
    static let verify = RequestSchema(
        "Verify", VerifyBody.self,
        signedFields + [.must("signature", .signature)] + signatureOptions + [.may("version", .version)]
    ).with("oneOf", messageOrDigest)
    static let signedFields: [Property] = [.may("message", .message), .may("digest", .digest)]
    static let signatureOptions: [Property] = [
        .may("algorithm", .one(of: SignatureAlgorithm.self)), .may("form", .one(of: SignatureForm.self)),
    ]
    /// The alternatives `message` and `digest`, exactly one of which is required.
    static let messageOrDigest: DocumentValue = [["required": ["message"]], ["required": ["digest"]]]
    static let mac = RequestSchema("GenerateMAC", GenerateMACBody.self, [.must("message", .message)])
    static let verifyMAC = RequestSchema(
        "VerifyMAC", VerifyMACBody.self, verifyMACFields + [.may("version", .version)])
    static let verifyMACFields: [Property] = [.must("message", .message), .must("hmac", .base64(atMost: 64))]

    static let deriveSharedSecret = RequestSchema(
        "DeriveSharedSecret", DeriveSharedSecretBody.self,
        [.must("publicKey", .base64()), .may("version", .version)],
        "`publicKey` is the DER of a SubjectPublicKeyInfo on the key's curve.")

    static let alias = RequestSchema("Alias", AliasBody.self, [.must("key", .keyReference)])
    static let importJob = RequestSchema(
        "ImportJob", ImportJobBody.self,
        [
            .may("wrappingAlgorithm", .one(of: [KeyAlgorithm.rsa3072, .rsa4096].map(\.rawValue))),
            .may("method", .one(of: ImportMethod.self)),
        ])
    static let importMaterial = RequestSchema(
        "Import", ImportBody.self,
        [
            .must("job", .text(Patterns.uuid)), .must("material", .base64()), .may("publicKey", .base64()),
            .may("version", .version), .may("activate", .flag),
            .may("expiresAt", Schema(["type": "string", "format": "date"])),
        ] + ofChanges
    ).with("dependentRequired", commentNeedsReason)

    /// Returns the schema with an additional keyword.
    func with(_ name: String, _ addition: DocumentValue) -> RequestSchema {
        RequestSchema(name: self.name, fieldNames: fieldNames, schema: schema.with(name, addition))
    }

    private init(name: String, fieldNames: [String], schema: Schema) {
        self.name = name
        self.fieldNames = fieldNames
        self.schema = schema
    }
}
