import JSONText
import KeyManagement

extension Answers {
    /// The predicted impact of a change: the answer to a dry run.
    static let changeImpact = Answer<ChangeImpact>(
        "ChangeImpact",
        [
            .must("dryRun", Schema(["const": true, "type": "boolean"], example: true)), .must("key", key.schema),
            .must("versions", .list(of: .object(plannedFields))),
        ]
    ) { writer, impact in
        writer.field("dryRun", true)
        writer.object("key") { key.write(&$0, impact.key) }
        writer.list("versions", impact.versions) { writer, version in
            writer.object {
                $0.field("number", version.number.value)
                $0.field("before", version.before.rawValue)
                $0.field("after", version.after.rawValue)
                $0.field("stops", version.stops.map { impact.key.usage.name(of: $0) })
                $0.object("usage") { usage.write(&$0, version.usage) }
            }
        }
    }

    private static let plannedFields: [Property] = [
        .must("number", .version), .must("before", .one(of: VersionState.self)),
        .must("after", .one(of: VersionState.self)), .must("stops", .list(of: .one(of: KeyUsage.namesOfUses))),
        .must("usage", usage.schema),
    ]
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
