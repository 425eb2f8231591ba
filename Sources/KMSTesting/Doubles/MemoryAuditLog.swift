package import KeyManagement
internal import Synchronization

/// An audit log in memory only, for tests that inspect the entries, and for faults.
package final class MemoryAuditLog: AuditLog {
    private struct State {
        var entries: [AuditEntry] = []
        var fault: (error: AuditError, skipped: Int, times: Int)?
    }

    private let state = Mutex(State())

    package init() {}

    package var entries: [AuditEntry] { state.withLock { $0.entries } }

    /// Makes `times` calls fail, after `skipped` calls that succeed.
    package func fail(with error: AuditError, after skipped: Int = 0, times: Int = 1) {
        state.withLock { $0.fault = (error, skipped, times) }
    }

    package func append(_ entry: AuditEntry) async throws(AuditError) {
        let fault: AuditError? = state.withLock { state in
            if var fault = state.fault {
                if fault.skipped > 0 {
                    fault.skipped -= 1
                    state.fault = fault
                } else if fault.times > 0 {
                    fault.times -= 1
                    state.fault = fault
                    return fault.error
                }
            }
            state.entries.append(entry)
            return nil
        }
        if let fault { throw fault }
    }

    package var publishedCheckpoint: String? { nil }

    package func witnessedRecords(limit: Int) async throws(AuditError) -> [WitnessedRecord] {
        var records: [String: WitnessedRecord] = [:]
        for entry in entries {
            guard entry.outcome != .intended else { continue }
            for change in entry.changes {
                var record = WitnessedRecord(kind: change.kind, id: change.id)
                record.done = change
                records["\(change.kind) \(change.id)"] = record
            }
        }
        return Array(records.values)
    }

    package func checkpoints(limit: Int) async throws(AuditError) -> [String] { [] }

    package func checkHealth() async throws(AuditError) {}
}
