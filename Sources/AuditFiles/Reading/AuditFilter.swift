package import KeyManagement

/// The criteria that select operations. Nil criteria are ignored.
package struct AuditFilter: Sendable {
    package var subject: String?
    package var key: KeyID?
    package var verb: String?
    package var outcome: AuditEntry.Outcome?
    package var project: String?
    package var requestID: String?
    /// The earliest time, inclusive.
    package var since: Timestamp?
    /// The latest time, exclusive.
    package var until: Timestamp?

    package init() {}

    package func takes(_ entry: AuditEntry) -> Bool {
        fits(subject, entry.subject?.text) && fits(verb, entry.verb) && fits(outcome, entry.outcome)
            && fits(project, entry.project?.text) && fits(requestID, entry.requestID)
            && (key == nil || entry.key == key || entry.uses.contains { $0.key == key })
            && (since.map { entry.time >= $0 } ?? true) && (until.map { entry.time < $0 } ?? true)
    }

    private func fits<Value: Equatable>(_ wanted: Value?, _ value: Value?) -> Bool { wanted == nil || wanted == value }
}
