package import KeyManagement
internal import ThreadExecutor

/// The last change of a record of the store that the chain reports.
package struct RecentChange: Hashable, Sendable {
    package let record: AuditEntry.ChangedRecord
    /// The outcome: ``/KeyManagement/AuditEntry/Outcome/intended`` if the record was about to be stored, any other if the operation has stored it. A
    /// record has at most one change of each of the two kinds.
    package let outcome: AuditEntry.Outcome
    /// The number of the line.
    package let line: UInt64
    package let time: Timestamp
}

extension AuditTrail {
    /// Returns the last intended and the last stored change of each watched record, sorted by line. A store that was not set back contains
    /// the stored ones.
    ///
    /// It reads the newest four files, and older ones only while no change is found. So it takes seconds at most, however old the chain is.
    ///
    /// - Parameter limit: the maximum number of records; those changed last come first. Memory use grows only with this limit.
    package func recentChanges(limit: Int) async throws(AuditOpenError) -> [RecentChange] {
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
        var stored: RecentChange?
    }

    /// The position of a change's line in its file.
    private struct Place {
        let offset: UInt64
        let length: Int
    }

    /// The most changes that may lie between an intended change and its outcome.
    private static var maxDistance: Int { 4096 }

    package func recentChanges(limit: Int) throws(AuditOpenError) -> [RecentChange] {
        var found: [Record: Changes] = [:]
        var toGo = Self.maxDistance
        for (nth, file) in try existingFiles().reversed().enumerated() {
            if nth >= Self.filesForChanges, !found.isEmpty { break }
            let (places, source) = try places(in: file)
            // Newest first: only the needed lines are parsed.
            for place in places.reversed() where toGo > 0 {
                if found.count >= limit { toGo -= 1 }
                for change in Self.changes(try source.read(place.length, at: place.offset)).reversed() {
                    Self.note(change, in: &found, atMost: limit)
                }
            }
        }
        return found.values.flatMap { [$0.intended, $0.stored] }.compactMap { $0 }.sorted { $0.line < $1.line }
    }

    /// Returns the lines of a file that may report changes, and the source to read them from.
    private func places(in file: UInt64) throws(AuditOpenError) -> ([Place], LineReader.Source) {
        var reader = try LineReader(folder.path(of: file))
        let source = try LineReader.Source(reader.path)
        var places: [Place] = []
        var number = 0
        while let raw = try reader.next() {
            number += 1
            switch raw {
            case .whole(let bytes):
                guard bytes.contains(text: ",\"change\":{") || bytes.contains(text: ",\"changes\":[{") else { continue }
                places.append(Place(offset: reader.offset - UInt64(bytes.count + 1), length: bytes.count))
            case .overlong:
                throw .broken(
                    file: reader.path, line: number, reason: "there is no line feed within \(AuditLine.maxLength) bytes"
                )
            case .unfinished: return (places, source)
            }
        }
        return (places, source)
    }

    /// Keeps the first change of each kind for a record. Changes arrive newest first.
    private static func note(_ change: RecentChange, in found: inout [Record: Changes], atMost limit: Int) {
        let name = Record(kind: change.record.kind, id: change.record.id)
        guard found.count < limit || found[name] != nil else { return }
        switch change.outcome {
        case .intended where found[name]?.intended == nil: found[name, default: Changes()].intended = change
        case .intended: return
        case .succeeded, .failed, .denied:
            if found[name]?.stored == nil { found[name, default: Changes()].stored = change }
        }
    }

    private static func changes(_ bytes: [UInt8]) -> [RecentChange] {
        guard let line = try? AuditLine(bytes: bytes), case .operation(let entry) = line.content else { return [] }
        return entry.changes.filter { WitnessedRecord.isWatched($0.kind) }.map {
            RecentChange(record: $0, outcome: entry.outcome, line: line.number, time: entry.time)
        }
    }
}
