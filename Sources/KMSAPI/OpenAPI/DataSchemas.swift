import KeyManagement

/// A schema that is listed among the components under its name.
struct NamedSchema: Sendable {
    let name: String
    let schema: Schema

    init(_ name: String, _ fields: [Property]) {
        self.name = name
        schema = .object(fields)
    }

    var ref: Schema { .ref(name) }
}

/// The schemas of data in answers. All objects are closed: they list every field of an answer.
enum DataSchemas {
    static let all =
        [
            key, changedKey, changeImpact, version, usage, alias, deletedAlias, importJob, deletedImportJob, access,
            accessExplanation, grant, grants, revokedGrant,
        ] + ofCryptography + ofDirectory + ofCustody + ofApprovals

    private static let id = Schema.text(Patterns.uuid)
    static let hex = Schema.text(Patterns.hex)
    static let revision = Schema.count.described("Grows with every change.")
    static let names = Schema.list(of: .text)

    /// The reason and comment recorded with a change; both optional.
    private static let note: [Property] = [.may("reason", .one(of: ChangeReason.self)), .may("comment", .text)]

    private static let keyFields: [Property] =
        [
            .must("id", id), .must("name", .text(Patterns.name)), .must("description", .text),
            .must("tags", .pairs(of: .text)), .must("project", .projectName), .must("algorithm", .algorithm),
            .must("usage", .one(of: KeyUsage.self)), .must("origin", .one(of: KeyOrigin.self)),
            .must("kind", .one(of: ["user", "service"])), .may("service", .text(Patterns.service)),
            .must("owner", Schema.subjectName.orNull), .must("accessControl", .flag),
            .must("state", .one(of: KeyState.self)), .must("enabled", .flag), .may("deletionDueAt", .time),
            .may("materialExpiresAt", .time),
            .must("defaultVersion", Schema.version.orNull), .must("versionCount", .count),
            .must("rotationDays", Schema.number(1...RotationPeriod.longest).orNull),
            .must("nextRotationAt", Schema.time.orNull), .must("lastRotatedAt", Schema.time.orNull),
            .must("createdAt", .time), .must("changedAt", .time), .must("revision", revision),
        ] + note

    static let key = NamedSchema("Key", keyFields)
    static let changedKey = NamedSchema("ChangedKey", keyFields + [.may("version", version.ref)])
    static let version = NamedSchema(
        "Version",
        [
            .must("number", .version), .must("state", .one(of: VersionState.self)), .must("isDefault", .flag),
            .must("algorithm", .algorithm), .must("origin", .one(of: KeyOrigin.self)), .must("createdAt", .time),
            .must("changedAt", .time), .may("destroyAt", .time),
            .may("materialExpiresAt", .time), .may("cause", .one(of: VersionCause.self)),
            .may("blobDigest", hex.described("SHA-256 of what was destroyed.")), .may("checkValue", hex),
        ] + note)
    static let usage = NamedSchema(
        "Usage",
        [
            .must("days", Schema.count.described("Over how many days is counted.")), .must("produced", .count),
            .must("consumed", .count), .must("lastUsedAt", Schema.time.orNull),
        ])
    static let changeImpact = NamedSchema(
        "ChangeImpact",
        [
            .must("dryRun", Schema(["const": true, "type": "boolean"])), .must("key", key.ref),
            .must(
                "versions",
                .list(
                    of: .object([
                        .must("number", .version), .must("before", .one(of: VersionState.self)),
                        .must("after", .one(of: VersionState.self)),
                        .must(
                            "stops",
                            .list(
                                of: .one(of: [
                                    "encrypt", "decrypt", "sign", "verify", "hmac", "verify-hmac",
                                    "derive-shared-secret",
                                ]))),
                        .must("usage", usage.ref),
                    ]))),
        ])
    /// The answer of a change that supports a dry run.
    static let changeOrImpact = Schema.oneOf(changedKey.ref, changeImpact.ref)

    static let alias = NamedSchema(
        "Alias",
        [
            .must("alias", .text(Patterns.alias)), .must("keyId", id), .must("changedAt", .time),
            .may("createdAt", .time),
        ])
    static let deletedAlias = NamedSchema("DeletedAlias", [.must("alias", .text(Patterns.alias))])
    static let importJob = NamedSchema(
        "ImportJob",
        [
            .must("id", id), .must("wrappingAlgorithm", .algorithm), .must("method", .one(of: ImportMethod.self)),
            .must("publicKey", .base64()), .must("createdAt", .time), .must("expiresAt", .time),
        ])
    static let deletedImportJob = NamedSchema("DeletedImportJob", [.must("id", id)])
    static let access = NamedSchema(
        "Access",
        [
            .may("dryRun", .flag), .must("keyId", id), .must("owner", Schema.subjectName.orNull),
            .must("accessControl", .flag), .must("subjects", names), .must("groups", names),
            .must("statements", .list(of: .text, atMost: KeyPolicy.mostStatements)), .may("warning", .text),
        ])
    static let grant = NamedSchema(
        "Grant",
        [
            .must("id", .text(Patterns.hex)), .must("name", .text), .must("grantee", .text),
            .must("retiring", Schema.text.orNull), .must("actions", .list(of: .one(of: KeyAction.self))),
            .must("context", Schema.pairs(of: .text).orNull), .must("allowsMoreContext", .flag),
            .must("issuer", .subjectName), .must("createdAt", .time),
        ])
    static let grants = NamedSchema("Grants", [.must("grants", .list(of: grant.ref))])
    static let revokedGrant = NamedSchema("RevokedGrant", [.must("id", .text(Patterns.hex))])
    static let accessExplanation = NamedSchema(
        "AccessExplanation",
        [
            .must("allowed", .flag), .must("reason", .text), .must("subject", .subjectName),
            .must("verb", .one(of: Verb.self)), .must("project", .projectName), .must("keyId", id.orNull),
            .must("role", Schema.role.orNull), .must("groups", names), .must("hidden", .flag),
        ])

    /// Returns the schema of a page of a list.
    static func page(_ name: String, of item: Schema) -> Schema {
        .object([
            .must(name, .list(of: item)),
            .must("next", Schema.text.orNull.described("The cursor of the next page; null when this is the last.")),
        ])
    }
}
