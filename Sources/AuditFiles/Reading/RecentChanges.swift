public import KeyManagement
internal import ThreadExecutor

/// What the chain says last of a record of the store.
public struct RecentChange: Hashable, Sendable {
    public let record: AuditEntry.ChangedRecord
    /// ``AuditEntry/Outcome/intended`` or ``AuditEntry/Outcome/succeeded``: each record has one of each at most.
    public let outcome: AuditEntry.Outcome
    /// The number of the line.
    public let line: UInt64
    public let time: Timestamp
}

extension AuditTrail {
    /// Of each record that was changed, the last change that was intended and the last that succeeded: what a store that was not
    /// set back has. Sorted by line.
    ///
    /// Looks at the newest four files, and at older ones as long as none has a change: so it takes seconds at the most, however old
    /// the chain is.
    ///
    /// - Parameter limit: for how many records at most; those changed last come first. The memory it takes grows with it only.
    public func recentChanges(limit: Int) async throws(AuditOpenError) -> [RecentChange] {
        let reader = AuditReader(folder: folder)
        return try await onOwnThread("audit-changes") { () throws(AuditOpenError) in
            try reader.recentChanges(limit: limit)
        }
    }
}

extension AuditReader {
    private static var filesForChanges: Int { 4 }

    private struct Record: Hashable {
        let kind: String
        let id: String
    }

    private struct Changes {
        var intended: RecentChange?
        var succeeded: RecentChange?
        var latest: UInt64 { max(intended?.line ?? 0, succeeded?.line ?? 0) }
    }

    public func recentChanges(limit: Int) throws(AuditOpenError) -> [RecentChange] {
        var found: [Record: Changes] = [:]
        for (place, file) in try existingFiles().reversed().enumerated() {
            if place >= Self.filesForChanges, !found.isEmpty { break }
            var ofFile: [Record: Changes] = [:]
            try forEachLine(of: file) { bytes in
                Self.note(bytes, in: &ofFile)
                // Those changed longest ago go, now and then.
                if ofFile.count >= 2 * limit + 1024 { ofFile = Self.latest(limit, of: ofFile) }
            }
            for (record, changes) in Self.latest(limit, of: ofFile) {
                let known = found[record]
                guard known != nil || found.count < limit else { continue }
                found[record] = Changes(
                    intended: known?.intended ?? changes.intended, succeeded: known?.succeeded ?? changes.succeeded)
            }
        }
        return found.values.flatMap { [$0.intended, $0.succeeded] }.compactMap { $0 }.sorted { $0.line < $1.line }
    }

    private static func latest(_ limit: Int, of changes: [Record: Changes]) -> [Record: Changes] {
        guard changes.count > limit else { return changes }
        let latest = changes.sorted { $0.value.latest > $1.value.latest }.prefix(limit)
        return Dictionary(uniqueKeysWithValues: latest.map { ($0.key, $0.value) })
    }

    private static func note(_ bytes: [UInt8], in changes: inout [Record: Changes]) {
        guard bytes.contains(text: ",\"change\":{"), let line = try? AuditLine(bytes: bytes),
            case .operation(let entry) = line.content, let record = entry.change
        else { return }
        let change = RecentChange(record: record, outcome: entry.outcome, line: line.number, time: entry.time)
        let name = Record(kind: record.kind, id: record.id)
        switch entry.outcome {
        case .intended: changes[name, default: Changes()].intended = change
        case .succeeded: changes[name, default: Changes()].succeeded = change
        case .failed, .denied: break
        }
    }
}
