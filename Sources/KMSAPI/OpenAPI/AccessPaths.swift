import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let access = OperationGroup(
        "access", "Who may use a key, and why; and the keys of services.",
        [
            APIOperation(
                .get, "keys/{key}/access", "showAccess", "Tells who may use a key", data: DataSchemas.access.ref,
                failures: [.keyNotFound]),
            APIOperation(
                .put, "keys/{key}/access", "changeAccess", "Says who may use a key", body: .keyAccess,
                data: DataSchemas.access.ref,
                failures: FailureCode.ofChanges.union(FailureCode.ofGuarded).union([.subjectNotFound, .groupNotFound])),
            APIOperation(
                .put, "keys/{key}/owner", "changeOwner", "Gives a key to another owner", body: .keyOwner,
                data: DataSchemas.access.ref,
                failures: FailureCode.ofChanges.union(FailureCode.ofGuarded).union([.subjectNotFound])),
            APIOperation(
                .post, "access/explain", "explainAccess", "Tells whether a subject may do something, and why",
                body: .explain, data: DataSchemas.accessExplanation.ref,
                failures: [.keyNotFound, .subjectNotFound, .projectNotFound]),
            APIOperation(
                .put, "service-key", "obtainServiceKey", "Makes the key of the service that asks, unless it has one",
                status: 201, data: DataSchemas.key.ref, orNothingMade: DataSchemas.key.ref,
                failures: FailureCode.ofChanges.union([.keyNameTaken, .unsupported])),
        ])
}
