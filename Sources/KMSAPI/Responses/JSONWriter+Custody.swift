import HTTPServing
import JSONText
import KeyManagement

extension JSONWriter {
    mutating func fields(of roots: [RootStatus]) {
        list("roots", roots) { writer, root in
            writer.object {
                $0.field("epoch", root.epoch.number)
                $0.field("latest", root.isLatest)
                $0.field("inToken", root.isInToken)
                if let record = root.record {
                    $0.field("checkValue", hexadecimal: record.checkValue)
                } else {
                    $0.null("checkValue")
                }
                $0.field("madeAt", optional: root.record?.madeAt.description)
                $0.field("closedAt", optional: root.record?.closedAt?.description)
                $0.field("destroyedAt", optional: root.record?.destroyedAt?.description)
                $0.field("wrappedKeys", root.use.wrapped)
                $0.field("sealedRecords", root.use.sealed)
            }
        }
    }

    mutating func fields(of document: SignedDocument) {
        field("content", base64: document.content)
        field("signature", base64: document.signature)
        field("auditKey", base64: document.auditKey.der)
    }
}

extension SignedDocument {
    /// The room that the document needs in an answer, in bytes.
    var roomInJSON: Int { content.count * 4 / 3 + 1024 }
}

extension JSONWriter {
    mutating func fields(of approval: ApprovalRecord, at now: Timestamp) {
        field("id", approval.id.text)
        field("operation", approval.operation.rawValue)
        field("project", optional: approval.project?.text)
        field("parameters", approval.parameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
        field("requester", approval.requester.text)
        field("requestedAt", approval.requestedAt.description)
        field("expiresAt", approval.expiresAt.description)
        field("required", approval.required)
        list("approvals", approval.approvals) { writer, decision in writer.object { $0.fields(of: decision) } }
        if let rejection = approval.rejection {
            object("rejection") { $0.fields(of: rejection) }
        } else {
            null("rejection")
        }
        field("usedAt", optional: approval.usedAt?.description)
        field("status", approval.status(at: now).rawValue)
    }

    private mutating func fields(of decision: ApprovalRecord.Decision) {
        field("subject", decision.subject.text)
        field("at", decision.at.description)
        field("authentication", optional: decision.authentication)
        field("scope", optional: decision.scope?.text)
    }

    mutating func fields(of policy: ApprovalPolicyRecord) {
        field("operation", policy.operation.rawValue)
        field("required", policy.required)
        field("approvers", policy.approvers.sorted().map(\.text))
        field("hours", policy.hours)
        field("changedAt", policy.changedAt.description)
    }
}
