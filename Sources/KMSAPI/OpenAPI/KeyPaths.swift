import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let keys = OperationGroup(
        "keys", "The life of keys.",
        [
            APIOperation(
                .get, "keys", "listKeys", "Lists the keys of the project",
                query: QueryParameter.ofLists + QueryParameter.ofKeys,
                data: DataSchemas.page("keys", of: DataSchemas.key.ref)),
            APIOperation(
                .post, "keys", "createKey", "Makes a key and its first version", body: .createKey, isRepeatable: true,
                status: 201, data: DataSchemas.changedKey.ref, orNothingMade: DataSchemas.changeImpact.ref,
                failures: [.unsupported, .keyNameTaken, .conflict]),
            APIOperation(
                .get, "keys/{key}", "describeKey", "Describes a key", data: DataSchemas.key.ref,
                failures: [.keyNotFound]),
            APIOperation(
                .patch, "keys/{key}", "updateKey", "Changes name, description, tags or rotation of a key",
                body: .updateKey, isRepeatable: true, data: DataSchemas.changeOrImpact,
                failures: FailureCode.ofChanges.union([.keyNameTaken])),
            change(.delete, "keys/{key}", "deleteKey", "Deletes a key of which every version is destroyed"),
            change(.post, "keys/{key}/rotate", "rotateKey", "Makes a new version, which is the default from then on"),
            change(.post, "keys/{key}/activate", "activateKey", "Makes the first version of a key that has none"),
            change(.post, "keys/{key}/enable", "enableKey", "Lets a disabled key answer again"),
            change(.post, "keys/{key}/disable", "disableKey", "Stops every use of a key, for a while"),
            APIOperation(
                .post, "keys/{key}/schedule-deletion", "scheduleDeletion",
                "Has a key deleted with all its versions after some days", optionalBody: .scheduleDestruction,
                isRepeatable: true, data: DataSchemas.changeOrImpact,
                failures: FailureCode.ofChanges.union(FailureCode.ofGuarded)),
            change(
                .post, "keys/{key}/cancel-deletion", "cancelDeletion", "Takes a key back from deletion; it is disabled"),
            APIOperation(
                .post, "keys/{key}/delete-material", "deleteImportedMaterial",
                "Erases the imported material of a key now; it can be brought again", optionalBody: .change,
                isRepeatable: true, data: DataSchemas.changeOrImpact,
                failures: FailureCode.ofChanges.union(FailureCode.ofGuarded)),
            APIOperation(
                .get, "keys/{key}/grants", "listGrants", "Lists the grants of a key", data: DataSchemas.grants.ref,
                failures: [.keyNotFound]),
            APIOperation(
                .post, "keys/{key}/grants", "createGrant", "Lets somebody do some things with a key", body: .grant,
                status: 201, data: DataSchemas.grant.ref, failures: [.keyNotFound, .limitReached, .conflict]),
            APIOperation(
                .delete, "keys/{key}/grants/{grant}", "revokeGrant", "Ends a grant",
                data: DataSchemas.revokedGrant.ref, failures: [.keyNotFound, .grantNotFound, .conflict]),
        ])

    private static func change(
        _ method: HTTPRequest.Method, _ path: String, _ id: String, _ summary: String
    ) -> APIOperation {
        APIOperation(
            method, path, id, summary, optionalBody: .change, isRepeatable: true, data: DataSchemas.changeOrImpact,
            failures: FailureCode.ofChanges.union([.unsupported]))
    }
}

extension QueryParameter {
    /// The additional parameters of the list of keys.
    static let ofKeys = [
        QueryParameter("state", "Keys in this state only.", .one(of: KeyState.self)),
        QueryParameter("enabled", "Keys that are enabled, or those that are not.", .flag),
        QueryParameter("algorithm", "Keys of this algorithm only.", .algorithm),
        QueryParameter("usage", "Keys for this only.", .one(of: KeyUsage.self)),
        QueryParameter("origin", "Keys from there only.", .one(of: KeyOrigin.self)),
        QueryParameter("tag", "Keys with this tag: `name`, or `name=value`.", .text),
        QueryParameter(
            "rotationDueBefore", "Keys that are rotated before this day.", Schema(["type": "string", "format": "date"])),
    ]
}
