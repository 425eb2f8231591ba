public import KeyManagement

/// The criteria that select operations. Nil criteria are ignored.
public struct AuditFilter: Sendable {
    public var subject: String?
    public var key: KeyID?
    public var verb: String?
    public var outcome: AuditEntry.Outcome?
    public var project: String?
    public var requestID: String?
    /// The earliest time, inclusive.
    public var since: Timestamp?
    /// The latest time, exclusive.
    public var until: Timestamp?

    public init() {}

    public func takes(_ entry: AuditEntry) -> Bool {
        fits(subject, entry.subject?.text) && fits(verb, entry.verb) && fits(outcome, entry.outcome)
            && fits(project, entry.project?.text) && fits(requestID, entry.requestID)
            && (key == nil || entry.key == key || entry.uses.contains { $0.key == key })
            && (since.map { entry.time >= $0 } ?? true) && (until.map { entry.time < $0 } ?? true)
    }

    private func fits<Value: Equatable>(_ wanted: Value?, _ value: Value?) -> Bool { wanted == nil || wanted == value }
}
