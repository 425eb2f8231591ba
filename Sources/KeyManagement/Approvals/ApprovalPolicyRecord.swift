/// An operation that an approval policy can guard. ``Verb/guardedEffects`` lists the verbs that have its effect.
package enum GuardedOperation: String, Sendable, CaseIterable, Codable {
    case rotateRoots = "root-rotate"
    case retireRoots = "root-retire"
    /// Destroying key material, or scheduling its destruction.
    case destroy = "destruction"
    /// Giving control of a key to a subject that did not have it.
    case changeOwner = "owner-change"
    /// Changing an approval policy, or becoming able to act as an approver.
    case changePolicy = "approval-policy"
}

/// The approval policy of an operation: the required number of approvals, and the approvers.
package struct ApprovalPolicyRecord: DirectoryRecord {
    package let operation: GuardedOperation
    /// The required number of approvals; 0 for none.
    package var required: Int
    package var approvers: Set<SubjectID>
    /// The number of hours for which a request waits, and an approved one can be used.
    package var hours: Int
    package var revision: UInt64
    package var changedAt: Timestamp

    package static let kind = DirectoryKind.approvalPolicy
    package var key: String { operation.rawValue }
    package var parent: String { "" }

    /// True if the policy requires approvals.
    package var isInForce: Bool { required > 0 }

    package static let approverLimit = 32
    package static let hourLimit = 720
    package static let standardHours = 24

    init(operation: GuardedOperation, required: Int, approvers: Set<SubjectID>, hours: Int, at now: Timestamp) {
        self.operation = operation
        self.required = required
        self.approvers = approvers
        self.hours = hours
        revision = 1
        changedAt = now
    }

    package var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.domain)
        encoding.append(1, operation.rawValue)
        encoding.append(2, UInt32(required))
        for approver in approvers.sorted() { encoding.append(3, approver.text) }
        encoding.append(4, UInt32(hours))
        encoding.append(5, revision)
        encoding.append(6, changedAt.milliseconds)
        return encoding.bytes
    }

    package init?(canonical bytes: [UInt8]) {
        guard let reader = CanonicalReader(bytes, domain: Self.domain),
            let operation = reader.text(1).flatMap({ GuardedOperation(rawValue: $0) }),
            let required: UInt32 = reader.number(2), let texts = reader.texts(3), let hours: UInt32 = reader.number(4),
            let revision: UInt64 = reader.number(5), let changedAt = reader.time(6)
        else { return nil }
        let approvers = texts.compactMap { try? SubjectID($0) }
        guard approvers.count == texts.count else { return nil }
        self.operation = operation
        self.required = Int(required)
        self.approvers = Set(approvers)
        self.hours = Int(hours)
        self.revision = revision
        self.changedAt = changedAt
    }

    private static let domain = "hsm-kms/seal/approval-policy/1"
}

extension ApprovalPolicyRecord: RevisedRecord {}
