import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let approvals = OperationGroup(
        "approvals", "Operations that need the approval of several.",
        [
            APIOperation(
                .get, "approvals", "listApprovals", "Lists the requests for approval that concern the caller",
                query: QueryParameter.ofLists, data: DataSchemas.page("approvals", of: DataSchemas.approval.ref)),
            APIOperation(
                .get, "approvals/{approval}", "describeApproval", "Describes a request for approval",
                data: DataSchemas.approval.ref, failures: [.approvalNotFound]),
            APIOperation(
                .post, "approvals/{approval}/approve", "approve", "Approves what somebody else requested",
                data: DataSchemas.approval.ref, failures: [.approvalNotFound, .stateForbids, .conflict]),
            APIOperation(
                .post, "approvals/{approval}/reject", "reject", "Rejects a request, or takes one's own back",
                data: DataSchemas.approval.ref, failures: [.approvalNotFound, .stateForbids, .conflict]),
            APIOperation(
                .get, "approval-policies", "listApprovalPolicies", "Lists what needs approvals, and of whom",
                data: DataSchemas.approvalPolicies.ref),
            APIOperation(
                .put, "approval-policies/{operation}", "setApprovalPolicy",
                "Says how many of whom have to approve an operation", body: .approvalPolicy,
                data: DataSchemas.approvalPolicy.ref,
                failures: FailureCode.ofGuarded.union([.subjectNotFound, .stateForbids])),
        ])
}

extension RequestSchema {
    static let approvalPolicy = RequestSchema(
        "ApprovalPolicy", ApprovalPolicyBody.self,
        [
            .must("required", .number(0...ApprovalPolicyRecord.approverLimit)),
            .may("approvers", .list(of: .subjectName, atMost: ApprovalPolicyRecord.approverLimit)),
            .may("hours", .number(1...ApprovalPolicyRecord.hourLimit)),
        ],
        "With 0 required it needs no approval. There have to be as many approvers that may approve as are required. The change "
            + "itself needs the approvals of every policy in force.")
}

extension DataSchemas {
    static let ofApprovals = [approval, approvalPolicy, approvalPolicies]

    private static let approvalID = Schema.text(Patterns.credential)
    private static let decision = Schema.object([
        .must("subject", .subjectName), .must("at", .time), .must("authentication", Schema.text.orNull),
        .must("scope", Schema.projectName.orNull),
    ])

    static let approval = NamedSchema(
        "Approval",
        [
            .must("id", approvalID), .must("operation", .one(of: GuardedOperation.self)),
            .must("project", Schema.projectName.orNull),
            .must("parameters", Schema.pairs(of: .text).described("All that was asked for; nothing else is approved.")),
            .must("requester", .subjectName), .must("requestedAt", .time), .must("expiresAt", .time),
            .must("required", .count), .must("approvals", .list(of: decision)), .must("rejection", decision.orNull),
            .must("usedAt", Schema.time.orNull), .must("status", .one(of: ApprovalRecord.Status.self)),
        ])
    static let approvalPolicy = NamedSchema(
        "ApprovalPolicy",
        [
            .must("operation", .one(of: GuardedOperation.self)), .must("required", .count),
            .must("approvers", names), .must("hours", .count), .must("changedAt", .time),
        ])
    static let approvalPolicies = NamedSchema(
        "ApprovalPolicies", [.must("policies", .list(of: approvalPolicy.ref))])
}
