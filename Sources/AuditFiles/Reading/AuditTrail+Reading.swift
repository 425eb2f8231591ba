package import KeyManagement
internal import ThreadExecutor

extension AuditTrail {
    package func witnessedRecords(limit: Int) async throws(AuditError) -> [WitnessedRecord] {
        let changes: [RecentChange]
        do throws(AuditOpenError) {
            changes = try await recentChanges(limit: limit)
        } catch {
            throw .unavailable("\(error)")
        }
        return WitnessedRecord.all(in: changes)
    }

    package func checkpoints(limit: Int) async throws(AuditError) -> [String] {
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
    /// Returns the last state of each record that the audit log has seen stored.
    static func all(in changes: [RecentChange]) -> [WitnessedRecord] {
        var records: [String: WitnessedRecord] = [:]
        for change in changes {
            let record = change.record
            let name = "\(record.kind) \(record.id)"
            var seen = records[name] ?? WitnessedRecord(kind: record.kind, id: record.id)
            switch change.outcome {
            // An operation can fail after it has stored something, for example an approval that was used.
            case .succeeded, .failed, .denied: seen.done = record
            // An announced change alone proves nothing, because a concurrent change may have been stored instead.
            case .intended: continue
            }
            records[name] = seen
        }
        return records.values.sorted { ($0.kind, $0.id) < ($1.kind, $1.id) }
    }
}
