import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let versions = OperationGroup(
        "versions", "The versions of a key.",
        [
            APIOperation(
                .get, "keys/{key}/versions", "listVersions", "Lists the versions of a key, the newest first",
                query: QueryParameter.ofLists, data: DataSchemas.page("versions", of: DataSchemas.version.ref),
                failures: [.keyNotFound]),
            APIOperation(
                .get, "keys/{key}/versions/{version}", "describeVersion", "Describes a version",
                data: DataSchemas.version.ref, failures: [.keyNotFound, .versionNotFound]),
            APIOperation(
                .get, "keys/{key}/versions/{version}/usage", "versionUsage", "Tells how often a version was used",
                data: DataSchemas.usage.ref, failures: [.keyNotFound, .versionNotFound]),
            change("activate", "activateVersion", "Makes a deactivated version the default"),
            change("deactivate", "deactivateVersion", "Lets a version produce no more"),
            change(
                "schedule-destruction", "scheduleDestruction", "Has a version destroyed after some days",
                .scheduleDestruction),
            change("cancel-destruction", "cancelDestruction", "Takes a version back from destruction"),
            change("destroy", "destroyVersion", "Destroys a version now"),
        ])

    private static func change(
        _ verb: String, _ id: String, _ summary: String, _ body: RequestSchema = .change
    ) -> APIOperation {
        APIOperation(
            .post, "keys/{key}/versions/{version}/\(verb)", id, summary, optionalBody: body, isRepeatable: true,
            data: DataSchemas.changeOrImpact,
            failures: FailureCode.ofChanges.union([.versionNotFound]).union(
                verb == "schedule-destruction" ? FailureCode.ofGuarded : []))
    }
}
