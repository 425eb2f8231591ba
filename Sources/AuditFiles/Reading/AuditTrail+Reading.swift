public import KeyManagement
internal import ThreadExecutor

extension AuditTrail {
    public func witnessedRecords(limit: Int) async throws(AuditError) -> [WitnessedRecord] {
        let changes: [RecentChange]
        do throws(AuditOpenError) {
            changes = try await recentChanges(limit: limit)
        } catch {
            throw .unavailable("\(error)")
        }
        return WitnessedRecord.all(in: changes)
    }

    public func checkpoints(limit: Int) async throws(AuditError) -> [String] {
        let reader = AuditReader(folder: folder)
        do throws(AuditOpenError) {
            let lines = try await onOwnThread("audit-checkpoints") { () throws(AuditOpenError) in
                try reader.lastLines(limit) { if case .checkpoint = $0.content { true } else { false } }
            }
            return lines.map { String(decoding: $0.bytes, as: UTF8.self) }
        } catch {
            throw .unavailable("\(error)")
        }
    }
}

extension WitnessedRecord {
    /// What the audit log says of each record.
    static func all(in changes: [RecentChange]) -> [WitnessedRecord] {
        var records: [String: WitnessedRecord] = [:]
        for change in changes {
            let record = change.record
            let name = "\(record.kind) \(record.id)"
            var seen = records[name] ?? WitnessedRecord(kind: record.kind, id: record.id)
            switch change.outcome {
            // An operation can fail after it has stored something: an approval that was used, say.
            case .succeeded, .failed, .denied: seen.done = record
            // An announcement alone tells nothing, because somebody else may have been faster.
            case .intended: continue
            }
            records[name] = seen
        }
        return records.values.sorted { ($0.kind, $0.id) < ($1.kind, $1.id) }
    }
}
