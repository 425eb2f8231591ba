import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let audit = OperationGroup(
        "audit", "What of the audit log is for publication.",
        [
            APIOperation(
                .get, "audit/checkpoint", "showCheckpoint", "Gives the latest signed checkpoint of the audit log",
                data: DataSchemas.checkpoint.ref)
        ])
}
