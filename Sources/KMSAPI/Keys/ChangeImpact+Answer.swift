import JSONText
import KeyManagement

/// The answer to a dry run: that of the change itself, and its effects.
struct PlannedKey {
    let changed: ChangedKey
    let impact: ChangeImpact
}

extension Answers {
    /// The answer that a change would give, marked as that of a dry run.
    static let plannedKey = Answer<PlannedKey>(
        .component(
            "PlannedKey",
            Schema.object(
                changedKeyFields + [
                    .must("dryRun", Schema(["const": true, "type": "boolean"], example: true)),
                    .must("impact", impactSchema),
                ]
            ).described(
                "The answer of the change itself, marked as a dry run, and the effects of the change. A key that does not "
                    + "exist yet has the id \(KeyID.unknown).")),
        capacity: { 1024 + 256 * $0.impact.versions.count }
    ) { writer, planned in
        changedKey.write(&writer, planned.changed)
        writer.field("dryRun", true)
        writer.impact(planned.impact, of: planned.changed.key)
    }

    /// The effects of a change beyond the changed records.
    static let impactSchema = Schema.component(
        "ChangeImpact",
        .object([
            .must(
                "approvalRequired", Schema.flag.described("The change needs an approval, and the request names none.")),
            .must("versions", .list(of: .object(versionImpactFields))),
        ]))

    private static let versionImpactFields: [Property] = [
        .must("number", .version), .must("before", .one(of: VersionState.self)),
        .must("after", .one(of: VersionState.self)), .must("stops", .list(of: .one(of: KeyUsage.namesOfUses))),
        .must("usage", usage.schema),
    ]
}

extension JSONWriter {
    /// Writes the effects of a change of a key.
    mutating func impact(_ impact: ChangeImpact, of key: KeyRecord) {
        object("impact") { writer in
            writer.field("approvalRequired", impact.needsApproval)
            writer.list("versions", impact.versions) { writer, version in
                writer.object {
                    $0.field("number", version.number.value)
                    $0.field("before", version.before.rawValue)
                    $0.field("after", version.after.rawValue)
                    $0.field("stops", version.stops.map { key.usage.name(of: $0) })
                    $0.object("usage") { Answers.usage.write(&$0, version.usage) }
                }
            }
        }
    }
}

extension KeyUsage {
    /// Returns the name of a use in the API.
    fileprivate func name(of use: StateTable.Use) -> String {
        switch (self, use) {
        case (.encryptDecrypt, .produce): "encrypt"
        case (.encryptDecrypt, .consume): "decrypt"
        case (.signVerify, .produce): "sign"
        case (.signVerify, .consume): "verify"
        case (.generateVerifyMAC, .produce): "hmac"
        case (.generateVerifyMAC, .consume): "verify-hmac"
        case (.keyAgreement, _): "derive-shared-secret"
        }
    }

    fileprivate static let namesOfUses = allCases.flatMap { usage in
        [StateTable.Use.produce, .consume].map { usage.name(of: $0) }
    }.uniqued()
}
