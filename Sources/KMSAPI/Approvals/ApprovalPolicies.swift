import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let listApprovalPolicies = Endpoint(
        .get, "approval-policies", "listApprovalPolicies", "Lists the approval policies", guide: .listApprovalPolicies,
        verb: .readApprovals,
        answer: Answers.list("policies", of: Answers.approvalPolicy, capacity: 512, as: "ApprovalPolicies"),
        message: "approval policies"
    ) { request in
        try await request.service.approvalPolicies(by: request.principal)
    }

    static let setApprovalPolicy = Endpoint(
        .put, "approval-policies/{operation}", "setApprovalPolicy",
        "Sets the approval policy of an operation", guide: .setApprovalPolicy, verb: .changeApprovalPolicy,
        body: ApprovalPolicyBody.self, answer: Answers.approvalPolicy, message: "approval policy set",
        failures: FailureCode.ofGuarded.union([.subjectNotFound, .stateForbids])
    ) { request in
        let body = try await request.body()
        return try await request.service.setApprovalPolicy(
            for: request.guardedOperation(), required: body.required, approvers: body.approvers, hours: body.hours,
            by: request.principal)
    }
}

extension PathParameter {
    static let guardedOperation = PathParameter(
        "operation", "An operation that may need approvals.", .one(of: GuardedOperation.self))
}

extension EndpointRequest {
    /// Returns the operation that the path names.
    fileprivate func guardedOperation() throws(KMSError) -> GuardedOperation {
        guard let operation = GuardedOperation(rawValue: try text(.guardedOperation, "the operation in the path"))
        else {
            let known = GuardedOperation.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidRequest("the operation in the path is none of \(known)")
        }
        return operation
    }
}

extension Answers {
    fileprivate static let approvalPolicy = Answer<ApprovalPolicyRecord>(
        "ApprovalPolicy",
        [
            .must("operation", .one(of: GuardedOperation.self)), .must("required", .count),
            .must("approvers", .names), .must("hours", .count), .must("changedAt", .time),
        ]
    ) { writer, policy in
        writer.field("operation", policy.operation.rawValue)
        writer.field("required", policy.required)
        writer.field("approvers", policy.approvers.sorted().map(\.text))
        writer.field("hours", policy.hours)
        writer.field("changedAt", policy.changedAt.description)
    }
}

/// The body of `PUT approval-policies/{operation}`.
struct ApprovalPolicyBody: FieldBody {
    let required: Int
    let approvers: Set<SubjectID>
    let hours: Int

    static let name = "ApprovalPolicy"
    static let example: DocumentValue = [
        "required": 1, "approvers": ["alice@example.com", "bob@example.com"], "hours": 24,
    ]
    static var note: String? {
        "0 required approvals turn the policy off. There must be at least as many approvers as required approvals. The change "
            + "itself needs the approvals of every policy in force."
    }

    enum Field: String, DescribedFields {
        case required, approvers, hours

        var shape: FieldShape {
            switch self {
            case .required: .must(.number(0...ApprovalPolicyRecord.approverLimit))
            case .approvers: .may(.list(of: .subjectName, atMost: ApprovalPolicyRecord.approverLimit))
            case .hours: .may(.number(1...ApprovalPolicyRecord.hourLimit))
            }
        }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var required: Int?
        var approvers: Set<SubjectID> = []
        var hours = ApprovalPolicyRecord.standardHours
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .required: required = try reader.wholeNumber(path)
            case .approvers:
                approvers = Set(
                    try reader.list(path, atMost: ApprovalPolicyRecord.approverLimit) { (reader) throws(KMSError) in
                        try SubjectID(try reader.text(path))
                    })
            case .hours: hours = try reader.wholeNumber(path)
            }
        }
        guard let required else { throw .invalidRequest("required is missing") }
        self.required = required
        self.approvers = approvers
        self.hours = hours
    }
}
