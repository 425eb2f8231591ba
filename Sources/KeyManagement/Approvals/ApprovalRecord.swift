/// The identity of a request for approval: 64 random bits, as 16 hexadecimal digits.
public struct ApprovalID: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init() {
        text = Hexadecimal.text(Array(KeyID().bytes.prefix(8)))
    }

    /// Nil unless the text is 16 lower-case hexadecimal digits.
    public init?(_ text: String) {
        guard text.utf8.count == 16, Hexadecimal.bytes(text) != nil else { return nil }
        self.text = text
    }

    public var description: String { text }
}

/// A request for an operation that needs approvals, bound to its exact parameters.
public struct ApprovalRecord: DirectoryRecord {
    /// Somebody's word.
    public struct Decision: Hashable, Sendable {
        public let subject: SubjectID
        public let at: Timestamp
    }

    public enum Status: String, Sendable, CaseIterable {
        case pending, approved, rejected, expired, used
    }

    public let id: ApprovalID
    public let operation: GuardedOperation
    public let project: ProjectID?
    /// All that the operation was asked for, by name.
    public let parameters: [String: String]
    public let requester: SubjectID
    public let requestedAt: Timestamp
    public let expiresAt: Timestamp
    /// How many the policy asked for when it was requested. When it is used, the policy of then counts.
    public let required: Int
    public var approvals: [Decision]
    public var rejection: Decision?
    public var usedAt: Timestamp?
    public var revision: UInt64
    public var changedAt: Timestamp

    public static let kind = DirectoryKind.approval
    public var key: String { id.text }
    public var parent: String { operation.rawValue }

    init(
        operation: GuardedOperation, project: ProjectID?, parameters: [String: String], requester: SubjectID,
        policy: ApprovalPolicyRecord, at now: Timestamp
    ) {
        id = ApprovalID()
        self.operation = operation
        self.project = project
        self.parameters = parameters
        self.requester = requester
        requestedAt = now
        expiresAt = now.adding(.seconds(3600 * policy.hours))
        required = policy.required
        approvals = []
        revision = 1
        changedAt = now
    }

    public func status(at now: Timestamp) -> Status {
        if usedAt != nil { return .used }
        if rejection != nil { return .rejected }
        if expiresAt <= now { return .expired }
        return approvals.count >= required ? .approved : .pending
    }

    public var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.domain)
        encoding.append(1, id.text)
        encoding.append(2, operation.rawValue)
        if let project { encoding.append(3, project.text) }
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            encoding.append(4, name)
            encoding.append(5, value)
        }
        encoding.append(6, requester.text)
        encoding.append(7, requestedAt.milliseconds)
        encoding.append(8, expiresAt.milliseconds)
        encoding.append(9, UInt32(required))
        for approval in approvals {
            encoding.append(10, approval.subject.text)
            encoding.append(11, "\(approval.at.milliseconds)")
        }
        if let rejection {
            encoding.append(12, rejection.subject.text)
            encoding.append(13, rejection.at.milliseconds)
        }
        if let usedAt { encoding.append(14, usedAt.milliseconds) }
        encoding.append(15, revision)
        encoding.append(16, changedAt.milliseconds)
        return encoding.bytes
    }

    public init?(canonical bytes: [UInt8]) {
        guard let reader = CanonicalReader(bytes, domain: Self.domain),
            let id = reader.text(1).flatMap({ ApprovalID($0) }),
            let operation = reader.text(2).flatMap({ GuardedOperation(rawValue: $0) }),
            let names = reader.texts(4), let values = reader.texts(5), names.count == values.count,
            let requester = reader.text(6).flatMap({ try? SubjectID($0) }), let requestedAt = reader.time(7),
            let expiresAt = reader.time(8), let required: UInt32 = reader.number(9),
            let approvals = Self.approvals(reader), let revision: UInt64 = reader.number(15),
            let changedAt = reader.time(16)
        else { return nil }
        self.id = id
        self.operation = operation
        project = reader.text(3).flatMap { try? ProjectID($0) }
        parameters = Dictionary(zip(names, values)) { first, _ in first }
        self.requester = requester
        self.requestedAt = requestedAt
        self.expiresAt = expiresAt
        self.required = Int(required)
        self.approvals = approvals
        if let subject = reader.text(12).flatMap({ try? SubjectID($0) }), let at = reader.time(13) {
            rejection = Decision(subject: subject, at: at)
        }
        usedAt = reader.time(14)
        self.revision = revision
        self.changedAt = changedAt
    }

    private static func approvals(_ reader: CanonicalReader) -> [Decision]? {
        guard let subjects = reader.texts(10), let times = reader.texts(11), subjects.count == times.count else {
            return nil
        }
        var approvals: [Decision] = []
        for (subject, time) in zip(subjects, times) {
            guard let subject = try? SubjectID(subject), let at = Int64(time) else { return nil }
            approvals.append(Decision(subject: subject, at: Timestamp(milliseconds: at)))
        }
        return approvals
    }

    private static let domain = "hsm-kms/seal/approval/1"
}

extension ApprovalRecord: RevisedRecord {}
