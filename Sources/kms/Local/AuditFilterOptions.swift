import ArgumentParser
import AuditFiles
import FoundationEssentials
import KeyManagement

/// The options that select operations.
struct AuditFilterOptions: ParsableArguments {
    @Option(help: "Only operations of this subject.")
    var subject: String?

    @Option(help: "Only operations on this key, by id.")
    var key: String?

    @Option(help: "Only this operation, such as encrypt.")
    var verb: String?

    @Option(help: "Only this outcome: intended, succeeded, failed or denied.")
    var outcome: String?

    @Option(help: "Only operations in this project.")
    var project: String?

    @Option(help: "Only this request, by id.")
    var requestID: String?

    @Option(help: "Only from this time: 2026-01-31, or 2026-01-31T12:00:00Z.")
    var since: String?

    @Option(help: "Only before this time.")
    var until: String?

    func filter() throws(Failure) -> AuditFilter {
        var filter = AuditFilter()
        filter.subject = subject
        filter.verb = verb
        filter.project = project
        filter.requestID = requestID
        if let key {
            guard let id = KeyID(key) else { throw Failure(.input, "--key must be a key's id (a UUID), not '\(key)'") }
            filter.key = id
        }
        if let outcome {
            guard let known = AuditEntry.Outcome(rawValue: outcome) else {
                let all = AuditEntry.Outcome.allCases.map(\.rawValue).joined(separator: ", ")
                throw Failure(.input, "--outcome must be one of \(all), not '\(outcome)'")
            }
            filter.outcome = known
        }
        filter.since = try since.map { (text) throws(Failure) in try Self.moment(text, of: "--since") }
        filter.until = try until.map { (text) throws(Failure) in try Self.moment(text, of: "--until") }
        return filter
    }

    private static func moment(_ text: String, of option: String) throws(Failure) -> Timestamp {
        if let day = Timestamp(day: text) { return day }
        guard let date = try? Date(text, strategy: Date.ISO8601FormatStyle()) else {
            throw Failure(
                .input, "\(option) must be a day (2026-01-31) or a time (2026-01-31T12:00:00Z), not '\(text)'")
        }
        return Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
    }
}

/// Formats a line of the chain for display.
enum AuditText {
    static func json(_ line: AuditLine) -> String { String(decoding: line.bytes, as: UTF8.self) + "\n" }

    /// Returns the number, the time and the fields of an operation. Columns are not aligned, because lines arrive one by one.
    static func row(_ line: AuditLine) -> String {
        let (time, cells) = parts(of: line.content)
        return DisplayText.safe((["\(line.number)", time.description] + cells).joined(separator: "  ")) + "\n"
    }

    private static func parts(of content: AuditLine.Content) -> (Timestamp, [String]) {
        switch content {
        case .operation(let entry): (entry.time, cells(of: entry))
        case .file(let header): (header.time, ["file", "\(header.file)", "after \(header.entries) operations"])
        case .checkpoint(let signed):
            (
                signed.checkpoint.time,
                ["checkpoint", "up to line \(signed.checkpoint.through)", "\(signed.checkpoint.entries) operations"]
            )
        case .opened(let start):
            (
                start.time,
                ["open", "version \(start.version)"] + (start.cutBytes > 0 ? ["cut \(start.cutBytes) bytes"] : [])
            )
        case .closed(let time): (time, ["close"])
        }
    }

    private static func cells(of entry: AuditEntry) -> [String] {
        let keys = entry.key.map { key in "\(key)" + (entry.version.map { " v\($0)" } ?? "") }
        let uses = entry.uses.isEmpty ? nil : "\(entry.uses.count) keys"
        return [
            entry.outcome.rawValue, entry.subject?.text ?? "-", entry.verb, entry.project?.text ?? "-",
            keys ?? uses ?? "-", entry.code, entry.reason, entry.requestID,
        ] + (entry.details["dryRun"] == "true" ? ["dry run"] : [])
    }
}
