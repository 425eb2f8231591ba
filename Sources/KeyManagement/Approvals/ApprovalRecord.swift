import Encodings

/// The identity of a request for approval: 64 random bits, as 16 hexadecimal digits.
package struct ApprovalID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init() {
        text = Hexadecimal.text(Array(KeyID().bytes.prefix(8)))
    }

    /// Reads an identity; `nil` unless the text is 16 lower-case hexadecimal digits.
    package init?(_ text: String) {
        guard text.utf8.count == 16, Hexadecimal.bytes(text) != nil else { return nil }
        self.text = text
    }

    package var description: String { text }
}

/// A request for an operation that needs approvals, bound to its exact parameters.
package struct ApprovalRecord: DirectoryRecord {
    /// The decision of a subject, with its authentication at the time.
    package struct Decision: Hashable, Sendable {
        package let subject: SubjectID
        package let at: Timestamp
        /// The authentication of the subject, as the audit log names it; `nil` in earlier records, which did not note it.
        package let authentication: String?
        /// The only project for which the credential was valid; `nil` if it was valid for all.
        package let scope: ProjectID?
    }

    package enum Status: String, Sendable, CaseIterable {
        case pending, approved, rejected, expired, used
    }

    package let id: ApprovalID
    package let operation: GuardedOperation
    package let project: ProjectID?
    /// All parameters of the operation, by name.
    package let parameters: [String: String]
    package let requester: SubjectID
    package let requestedAt: Timestamp
    package let expiresAt: Timestamp
    /// The largest number of approvals that a guarding policy required at the time of the request. When the approval is used,
    /// each policy in force at that time applies.
    package let required: Int
    package var approvals: [Decision]
    package var rejection: Decision?
    package var usedAt: Timestamp?
    package var revision: UInt64
    package var changedAt: Timestamp

    package static let kind = DirectoryKind.approval
    package var key: String { id.text }
    package var parent: String { operation.rawValue }

    init(
        operation: GuardedOperation, project: ProjectID?, parameters: [String: String], requester: SubjectID,
        guards: [ApprovalPolicyRecord], at now: Timestamp
    ) {
        id = ApprovalID()
        self.operation = operation
        self.project = project
        self.parameters = parameters
        self.requester = requester
        requestedAt = now
        expiresAt = now.adding(.seconds(3600 * (guards.map(\.hours).min() ?? 0)))
        required = guards.map(\.required).max() ?? 0
        approvals = []
        revision = 1
        changedAt = now
    }

    package func status(at now: Timestamp) -> Status {
        if usedAt != nil { return .used }
        if rejection != nil { return .rejected }
        if expiresAt <= now { return .expired }
        return approvals.count >= required ? .approved : .pending
    }

    package var canonicalBytes: [UInt8] {
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
        encode(approvals, 17, 18, into: &encoding)
        encode(rejection.map { [$0] } ?? [], 19, 20, into: &encoding)
        return encoding.bytes
    }

    /// Appends the authentication and scope of each decision, in order; nothing if none has them.
    private func encode(
        _ decisions: [Decision], _ authentication: UInt8, _ scope: UInt8, into encoding: inout CanonicalEncoding
    ) {
        guard decisions.contains(where: { $0.authentication != nil || $0.scope != nil }) else { return }
        for decision in decisions {
            encoding.append(authentication, decision.authentication ?? "")
            encoding.append(scope, decision.scope?.text ?? "")
        }
    }

    package init?(canonical bytes: [UInt8]) {
        guard let reader = CanonicalReader(bytes, domain: Self.domain),
            let id = reader.text(1).flatMap({ ApprovalID($0) }),
            let operation = reader.text(2).flatMap({ GuardedOperation(rawValue: $0) }),
            let names = reader.texts(4), let values = reader.texts(5), names.count == values.count,
            let requester = reader.text(6).flatMap({ try? SubjectID($0) }), let requestedAt = reader.time(7),
            let expiresAt = reader.time(8), let required: UInt32 = reader.number(9),
            let approvals = Self.decisions(reader, 10, 11, 17, 18), let revision: UInt64 = reader.number(15),
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
            guard let shown = Self.presentations(reader, 19, 20, count: 1) else { return nil }
            rejection = Decision(
                subject: subject, at: at, authentication: shown[0].authentication, scope: shown[0].scope)
        }
        usedAt = reader.time(14)
        self.revision = revision
        self.changedAt = changedAt
    }

    private static func decisions(
        _ reader: CanonicalReader, _ subjects: UInt8, _ times: UInt8, _ authentication: UInt8, _ scope: UInt8
    ) -> [Decision]? {
        guard let subjects = reader.texts(subjects), let times = reader.texts(times), subjects.count == times.count,
            let shown = presentations(reader, authentication, scope, count: subjects.count)
        else { return nil }
        var decisions: [Decision] = []
        for (index, shown) in shown.enumerated() {
            guard let subject = try? SubjectID(subjects[index]), let at = Int64(times[index]) else { return nil }
            decisions.append(
                Decision(
                    subject: subject, at: Timestamp(milliseconds: at), authentication: shown.authentication,
                    scope: shown.scope))
        }
        return decisions
    }

    private static func presentations(
        _ reader: CanonicalReader, _ authentication: UInt8, _ scope: UInt8, count: Int
    ) -> [(authentication: String?, scope: ProjectID?)]? {
        guard let names = reader.texts(authentication), let scopes = reader.texts(scope), names.count == scopes.count
        else { return nil }
        // Earlier records did not note this.
        if names.isEmpty { return Array(repeating: (nil, nil), count: count) }
        guard names.count == count else { return nil }
        var all: [(authentication: String?, scope: ProjectID?)] = []
        for (name, text) in zip(names, scopes) {
            let scope = text.isEmpty ? nil : try? ProjectID(text)
            guard text.isEmpty || scope != nil else { return nil }
            all.append((name.isEmpty ? nil : name, scope))
        }
        return all
    }

    private static let domain = "hsm-kms/seal/approval/1"
}

extension ApprovalRecord: RevisedRecord {}
