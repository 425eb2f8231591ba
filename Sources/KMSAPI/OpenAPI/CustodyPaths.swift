import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let roots = OperationGroup(
        "roots", "The root keys in the token.",
        [
            APIOperation(
                .get, "roots", "listRoots", "Lists the root epochs, and how much is under each",
                data: DataSchemas.roots.ref),
            APIOperation(
                .post, "roots/rotate", "rotateRoots",
                "Makes the roots of the next epoch in the token; what is under earlier ones is rewrapped by and by",
                data: DataSchemas.roots.ref,
                failures: FailureCode.ofGuarded.union([.stateForbids, .unsupported, .nameTaken])),
            APIOperation(
                .post, "roots/{epoch}/retire", "retireRoots",
                "Destroys the roots of an earlier epoch in the token, once nothing is under them, and certifies it",
                data: DataSchemas.signedDocument.ref,
                failures: FailureCode.ofGuarded.union([.rootNotFound, .stateForbids, .unsupported])),
            APIOperation(
                .get, "roots/{epoch}/certificate", "showDestructionCertificate",
                "Gives the certificate of destruction of an epoch", data: DataSchemas.signedDocument.ref,
                failures: [.rootNotFound, .stateForbids, .unsupported]),
        ])

    static let custody = OperationGroup(
        "custody", "What is proved of keys and of the store.",
        [
            APIOperation(
                .post, "custody/report", "reportCustody",
                "Asks the token about each key, tries what it has to refuse, and signs what came of it",
                data: DataSchemas.signedDocument.ref, failures: [.unsupported]),
            APIOperation(
                .get, "store/verification", "verifyStore", "Checks the seals and references of a part of the store",
                query: QueryParameter.ofLists, data: DataSchemas.storeReport.ref),
        ])
}
