import HTTPServing
import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let health = OperationGroup(
        "health", "For whoever watches the service, and for programs that read this document.", isOpen: true,
        [
            APIOperation(
                .get, "healthz", "alive", "Tells that the process answers", data: DataSchemas.status.ref),
            APIOperation(
                .get, "livez", "alsoAlive", "The same as healthz, by the name that Kubernetes uses",
                data: DataSchemas.status.ref),
            APIOperation(
                .get, "readyz", "ready", "Tells whether token and store can be used", data: DataSchemas.status.ref,
                failures: [
                    .busy, .tokenUnavailable, .storeUnavailable, .auditUnavailable, .recordTampered, .invalidRequest,
                    .unsupported, .decryptionFailed,
                ]),
            APIOperation(
                .get, "openapi.json", "document", "This document, in no envelope",
                data: Schema(["type": "object", "required": ["openapi"]])),
        ])
}
