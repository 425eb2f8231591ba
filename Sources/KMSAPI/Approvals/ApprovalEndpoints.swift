import HTTPTypes
import JSONText
import KeyManagement

extension EndpointGroup {
    static let approvals = EndpointGroup(
        "approvals", "Approvals of operations that require several people.",
        [.listApprovals, .describeApproval, .approve, .reject, .listApprovalPolicies, .setApprovalPolicy])
}

extension Endpoint {
    fileprivate static let listApprovals = Endpoint(
        list: "approvals", "listApprovals", "Lists the requests for approval that concern the caller",
        guide: .listApprovals,
        verb: .readApprovals, answer: Answers.approvals, message: "approvals"
    ) { request, query in
        let page = try await request.service.listApprovals(
            after: query.cursor, limit: query.limit, by: request.principal)
        return ApprovalPage(page: page, now: request.service.now)
    }

    fileprivate static let describeApproval = Endpoint(
        .get, "approvals/{approval}", "describeApproval", "Describes a request for approval", guide: .describeApproval,
        verb: .readApprovals,
        answer: Answers.approval, message: "approval", failures: [.approvalNotFound]
    ) { request in
        let approval = try await request.service.approval(request.approval(), by: request.principal)
        return ApprovalAnswer(record: approval, now: request.service.now)
    }

    fileprivate static let approve = Endpoint(
        .post, "approvals/{approval}/approve", "approve", "Approves the request of another subject", guide: .approve,
        verb: .decideApproval, answer: Answers.approval, message: "approved",
        failures: [.approvalNotFound, .stateForbids, .conflict]
    ) { request in
        let approval = try await request.service.approve(request.approval(), by: request.principal)
        return ApprovalAnswer(record: approval, now: request.service.now)
    }

    fileprivate static let reject = Endpoint(
        .post, "approvals/{approval}/reject", "reject", "Rejects a request, or withdraws the caller's own",
        guide: .reject,
        verb: .decideApproval, answer: Answers.approval, message: "rejected",
        failures: [.approvalNotFound, .stateForbids, .conflict]
    ) { request in
        let approval = try await request.service.reject(request.approval(), by: request.principal)
        return ApprovalAnswer(record: approval, now: request.service.now)
    }
}

extension PathParameter {
    static let approval = PathParameter(
        "approval", "The id of a request for approval.", Schema.shortID.example("9f3c51d2a7e80b64"))
}

extension EndpointRequest {
    /// Returns the approval that the path names.
    fileprivate func approval() throws(KMSError) -> ApprovalID {
        guard let id = ApprovalID(try text(.approval, "the approval in the path")) else {
            throw .invalidRequest("the approval in the path is not an id: 16 hexadecimal digits")
        }
        return id
    }
}

/// A request for approval, with the time at which its status holds.
struct ApprovalAnswer {
    let record: ApprovalRecord
    let now: Timestamp
}

/// A page of requests for approval, with the time at which their status holds.
struct ApprovalPage {
    let page: Page<ApprovalRecord>
    let now: Timestamp
}

extension Answers {
    fileprivate static let approvals = Answer<ApprovalPage>(
        .object([.must("approvals", .list(of: approval.schema)), .must("next", nextPage)]),
        capacity: { 512 * $0.page.items.count + 128 }
    ) { writer, answer in
        writer.list("approvals", answer.page.items) { writer, record in
            writer.object { approval.write(&$0, ApprovalAnswer(record: record, now: answer.now)) }
        }
        writer.field("next", optional: answer.page.next?.text)
    }

    fileprivate static let approval = Answer<ApprovalAnswer>(
        "Approval",
        [
            .must("id", .shortID), .must("operation", .one(of: GuardedOperation.self)),
            .must("project", Schema.projectName.orNull),
            .must(
                "parameters",
                Schema.pairs(of: .text).described("The parameters of the request. Nothing else is approved.")),
            .must("requester", .subjectName), .must("requestedAt", .time), .must("expiresAt", .time),
            .must("required", .count), .must("approvals", .list(of: decision.schema)),
            .must("rejection", decision.schema.orNull), .must("usedAt", Schema.time.orNull),
            .must("status", .one(of: ApprovalRecord.Status.self)),
        ]
    ) { writer, answer in
        let approval = answer.record
        writer.field("id", approval.id.text)
        writer.field("operation", approval.operation.rawValue)
        writer.field("project", optional: approval.project?.text)
        writer.field(
            "parameters", approval.parameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
        writer.field("requester", approval.requester.text)
        writer.field("requestedAt", approval.requestedAt.description)
        writer.field("expiresAt", approval.expiresAt.description)
        writer.field("required", approval.required)
        writer.list("approvals", approval.approvals) { writer, made in writer.object { decision.write(&$0, made) } }
        if let rejection = approval.rejection {
            writer.object("rejection") { decision.write(&$0, rejection) }
        } else {
            writer.null("rejection")
        }
        writer.field("usedAt", optional: approval.usedAt?.description)
        writer.field("status", approval.status(at: answer.now).rawValue)
    }

    private static let decision = Answer<ApprovalRecord.Decision>(
        .object([
            .must("subject", .subjectName), .must("at", .time), .must("authentication", Schema.text.orNull),
            .must("scope", Schema.projectName.orNull),
        ]), capacity: { _ in 256 }
    ) { writer, decision in
        writer.field("subject", decision.subject.text)
        writer.field("at", decision.at.description)
        writer.field("authentication", optional: decision.authentication)
        writer.field("scope", optional: decision.scope?.text)
    }
}
