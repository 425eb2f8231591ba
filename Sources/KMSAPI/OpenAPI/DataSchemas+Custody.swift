extension DataSchemas {
    static let ofCustody = [roots, signedDocument, storeReport]

    static let roots = NamedSchema(
        "Roots",
        [
            .must(
                "roots",
                .list(
                    of: .object([
                        .must("epoch", .number(1...Int(UInt32.max))), .must("latest", .flag), .must("inToken", .flag),
                        .must("checkValue", hex.orNull), .must("madeAt", Schema.time.orNull),
                        .must("closedAt", Schema.time.orNull), .must("destroyedAt", Schema.time.orNull),
                        .must("wrappedKeys", .count), .must("sealedRecords", .count),
                    ])))
        ])
    static let signedDocument = NamedSchema(
        "SignedDocument",
        [
            .must("content", Schema.base64().described("A text of JSON.")),
            .must(
                "signature",
                Schema.base64().described("DER of an ECDSA signature over all bytes of the content, with SHA-256.")),
            .must("auditKey", Schema.base64().described("DER of the audit key's SubjectPublicKeyInfo.")),
        ])
    static let storeReport = NamedSchema(
        "StoreReport",
        [
            .must("checked", Schema.count.described("How many records this part had.")),
            .must("total", Schema.count.described("How many records there are.")), .must("findings", names),
            .must("next", Schema.text.orNull.described("The cursor of the next part; null when this is the last.")),
        ])
}
