import ArgumentParser
import AuditFiles
import FoundationEssentials
import KeyManagement

struct AuditTail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Print the last lines of the audit log.",
        discussion: "Example: kms audit tail -n 50 -f")

    @Option(name: .short, help: "The number of lines.")
    var number = 20

    @Flag(name: .shortAndLong, help: "Print new lines as they are written, until interrupted.")
    var follow = false

    @OptionGroup var output: OutputOptions

    @OptionGroup var folder: AuditFolderOptions

    func run() async throws {
        try await reporting {
            guard (0...1_000_000).contains(number) else {
                throw Failure(.input, "-n must be 0 to 1000000, not \(number)")
            }
            let directory = try folder.directory()
            let reader = AuditReader(directory: directory)
            // The follower is opened before the existing lines are read, so that no line in between is missed.
            let follower =
                follow
                ? try readingAudit { () throws(AuditOpenError) in
                    try AuditFollower(directory: directory)
                } : nil
            let lines = try readingAudit { () throws(AuditOpenError) in try reader.lastLines(number) }
            for line in lines { try StandardOutput.write(output.json ? AuditText.json(line) : AuditText.row(line)) }
            var last = lines.last?.number ?? 0
            while follower != nil {
                while let line = try readingAudit({ () throws(AuditOpenError) in try follower?.next() }) {
                    guard line.number > last else { continue }
                    last = line.number
                    try StandardOutput.write(output.json ? AuditText.json(line) : AuditText.row(line))
                }
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }
}

struct AuditSearch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Search the audit log, oldest operation first.",
        discussion: "Example: kms audit search --subject alice --outcome denied --since 2026-01-01")

    @OptionGroup var filter: AuditFilterOptions

    @Option(help: "The maximum number of operations.")
    var limit = 1000

    @OptionGroup var output: OutputOptions

    @OptionGroup var folder: AuditFolderOptions

    func run() async throws {
        try await reporting {
            var rest = limit
            let (json, wanted) = (output.json, try filter.filter())
            try folder.reader().forEachOperation(wanted) { line, _ in
                guard rest > 0 else { return false }
                rest -= 1
                try StandardOutput.write(json ? AuditText.json(line) : AuditText.row(line))
                return true
            }
        }
    }
}

struct AuditExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Export operations for a SIEM, one event per line.",
        discussion: "Example: kms audit export --format ocsf --since 2026-01-01 > events.jsonl")

    @Option(help: "ocsf (API Activity, class 6003, 1.3.0) or cef (CEF:0).")
    var format: Format

    @OptionGroup var filter: AuditFilterOptions
    // OCSF is JSON in any case; CEF cannot be.
    @OptionGroup var output: OutputOptions
    @OptionGroup var folder: AuditFolderOptions

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case ocsf
        case cef
    }

    func run() async throws {
        try await reporting {
            guard format == .ocsf || !output.json else { throw Failure(.input, "CEF is not JSON: use --format ocsf") }
            let (format, wanted) = (format, try filter.filter())
            try folder.reader().forEachOperation(wanted) { line, entry in
                let text =
                    switch format {
                    case .ocsf: OCSFEvent.text(line, entry, productVersion: KMS.version)
                    case .cef: CEFEvent.text(line, entry, productVersion: KMS.version)
                    }
                try StandardOutput.write(text + "\n")
                return true
            }
        }
    }
}

extension AuditFolderOptions {
    fileprivate func reader() throws(Failure) -> AuditReader { AuditReader(directory: try directory()) }
}

extension AuditReader {
    /// Passes each operation that matches to `body`, until `body` returns false.
    fileprivate func forEachOperation(
        _ filter: AuditFilter, _ body: (AuditLine, AuditEntry) throws -> Bool
    ) throws {
        do {
            try forEachLine { line in
                guard case .operation(let entry) = line.content, filter.takes(entry) else { return true }
                return try body(line, entry)
            }
        } catch let error as AuditOpenError {
            throw Failure(error)
        }
    }
}
