import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let aliases = OperationGroup(
        "aliases", "Second names of keys.",
        [
            APIOperation(
                .get, "aliases", "listAliases", "Lists the aliases of the project, or of a key",
                query: QueryParameter.ofLists + [QueryParameter("key", "Aliases of this key only.", .keyReference)],
                data: DataSchemas.page("aliases", of: DataSchemas.alias.ref), failures: [.keyNotFound]),
            APIOperation(
                .get, "aliases/{alias}", "describeAlias", "Describes an alias", data: DataSchemas.alias.ref,
                failures: [.aliasNotFound]),
            APIOperation(
                .put, "aliases/{alias}", "setAlias", "Lets an alias stand for a key", body: .alias,
                data: DataSchemas.alias.ref, failures: [.keyNotFound, .keyNameTaken, .conflict, .stateForbids]),
            APIOperation(
                .delete, "aliases/{alias}", "deleteAlias", "Deletes an alias", data: DataSchemas.deletedAlias.ref,
                failures: [.aliasNotFound, .conflict]),
        ])
}
