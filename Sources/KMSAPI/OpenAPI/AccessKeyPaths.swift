import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let accessKeys = OperationGroup(
        "access-keys", "Access keys of subjects, by which clients of AWS sign.",
        [
            APIOperation(
                .get, "subjects/{subject}/access-keys", "listAccessKeys", "Lists the access keys of a subject",
                query: QueryParameter.ofLists, data: DataSchemas.page("accessKeys", of: DataSchemas.accessKey.ref),
                failures: [.subjectNotFound]),
            APIOperation(
                .post, "subjects/{subject}/access-keys", "createAccessKey", "Makes an access key for a subject",
                optionalBody: .accessKey, status: 201, data: DataSchemas.issuedAccessKey.ref,
                failures: FailureCode.ofGuarded.union([.subjectNotFound, .unsupported])),
            APIOperation(
                .post, "access-keys/{accessKey}/disable", "disableAccessKey",
                "Makes an access key worth nothing for now", data: DataSchemas.accessKey.ref,
                failures: [.accessKeyNotFound, .conflict, .stateForbids]),
            APIOperation(
                .post, "access-keys/{accessKey}/enable", "enableAccessKey", "Makes an access key worth something again",
                data: DataSchemas.accessKey.ref,
                failures: FailureCode.ofGuarded.union([.accessKeyNotFound, .stateForbids])),
            APIOperation(
                .delete, "access-keys/{accessKey}", "deleteAccessKey", "Makes an access key worth nothing",
                data: DataSchemas.accessKey.ref, failures: [.accessKeyNotFound, .conflict]),
        ])
}
