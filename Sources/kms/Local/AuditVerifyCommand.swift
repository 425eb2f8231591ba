import ArgumentParser
import AuditFiles
import FoundationEssentials
import KeyManagement
import LibCrypto

struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify the audit log with a public key.",
        discussion: """
            Requires the files and the public key only. Detects changed, removed, inserted and reordered lines, missing files and wrong \
            signatures, and prints where they are. Only published checkpoints (--published) reveal that the end was removed or that the \
            whole log was replaced. Exit code 4 if anything is wrong.

            Example: kms audit verify /var/lib/kms/audit --public-key audit.pem \\
                --published checkpoints.jsonl
            """)

    @Argument(help: "The folder of the audit files. [the configured one]")
    var directory: String?

    @Option(
        name: .customLong("public-key"), help: "The public audit key, PEM; may be repeated if the token was replaced.")
    var keys: [String]

    @Option(help: "A file with the lines of published checkpoints.")
    var published: String?

    @Option(name: .customLong("from"), help: "The number of the first file, if older ones were archived.")
    var firstFile: UInt64 = 1

    @Flag(help: "Report lines after the last checkpoint as a finding.")
    var requireFinalCheckpoint = false

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: StoreConfigurationOptions

    func run() async throws {
        try await reporting {
            let report = try verify()
            try output.show(AuditReportJSON(report), as: report.text(in: .ofStandardOutput(isWide: true)))
            guard report.isWhole else {
                // Either of the two: the same findings follow from a wrong file and from a replaced log.
                guard !report.findings.allSatisfy({ $0.kind == .wrongKey }) else {
                    throw Failure(
                        .store,
                        "no checkpoint is verified: all are signed by other keys than --public-key; either the file has another "
                            + "token's key, or the log was replaced")
                }
                let count = report.findingCount == 1 ? "1 finding" : "\(report.findingCount) findings"
                throw Failure(.store, "the audit chain is not whole: \(count)")
            }
        }
    }

    private func verify() throws -> AuditReport {
        guard directory == nil || options.isUnused else {
            throw Failure(.input, "a folder excludes --config and --store")
        }
        let folder = try directory ?? Configuration.auditPath(try options.settings())
        let infos = try keys.map { PublicKeyInfo(der: try Self.key(at: $0).der) }
        let texts = try published.map { try Self.text(at: $0) } ?? ""
        let lines = texts.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return try readingAudit { () throws(AuditOpenError) in
            var verifier = try AuditVerifier(directory: folder, publicKeys: infos)
            verifier.published = lines
            verifier.firstFile = max(1, firstFile)
            verifier.requiresFinalCheckpoint = requireFinalCheckpoint
            var bar = ProgressBar()
            return try verifier.verify { bar.show($0, of: $1) }
        }
    }

    static func key(at path: String) throws(Failure) -> PublicKey {
        let pem = try text(at: path)
        do throws(LibCryptoError) {
            return try PublicKey(pem: pem)
        } catch {
            throw Failure(.input, "\(path) is not a public key in PEM")
        }
    }

    private static func text(at path: String) throws(Failure) -> String {
        try InputText.read(try InputFile.read(path, atMost: 65536, "public key in PEM"), of: path)
    }
}

extension AuditReport {
    fileprivate func text(in style: TextStyle) -> String {
        var properties = PropertyTable()
        properties.add("files", "\(files)")
        properties.add("lines", "\(lines), of which \(operations) operations")
        properties.add("checkpoints", "\(checkpoints)")
        if let latest {
            let checkpoint = latest.signed.checkpoint
            properties.add(
                "latest", "line \(latest.line.number), \(checkpoint.time), covers up to line \(checkpoint.through)")
        }
        properties.add("uncovered", "\(uncoveredLines) lines after the latest checkpoint")
        for restart in unsignedRestarts.prefix(5) {
            properties.add(
                "unsigned",
                "\(restart.operations) operations before \(restart.file), line \(restart.line), had no checkpoint when the "
                    + "service started again: it had crashed, or the token did not sign, or they were added while it was stopped"
            )
        }
        if unsignedRestarts.count > 5 {
            properties.add("unsigned", "and before \(unsignedRestarts.count - 5) later starts")
        }
        if publishedFound > 0 { properties.add("published", "\(publishedFound) found in the chain") }
        properties.add("result", isWhole ? "whole" : "NOT WHOLE")
        guard !isWhole else { return properties.text(in: style) }
        var table = Table("WHAT", "FILE", "LINE", "FINDING")
        for finding in findings {
            table.add(
                .text(finding.kind.rawValue), .text(finding.file), finding.line == 0 ? .none() : "\(finding.line)",
                .text(finding.text))
        }
        let more = findingCount - findings.count
        return properties.text(in: style) + "\n" + table.text(in: style) + (more > 0 ? "and \(more) more\n" : "")
    }
}

private struct AuditReportJSON: Encodable {
    struct Finding: Encodable {
        let kind: String
        let file: String
        let line: Int
        let text: String
    }

    struct UnsignedRestart: Encodable {
        let operations: UInt64
        let file: String
        let line: Int
    }

    let isWhole: Bool
    let files: Int
    let lines: UInt64
    let operations: UInt64
    let checkpoints: UInt64
    let uncoveredLines: UInt64
    let unsignedRestarts: [UnsignedRestart]
    let publishedFound: Int
    let latestCheckpoint: String?
    let findingCount: Int
    let findings: [Finding]

    init(_ report: AuditReport) {
        isWhole = report.isWhole
        files = report.files
        lines = report.lines
        operations = report.operations
        checkpoints = report.checkpoints
        uncoveredLines = report.uncoveredLines
        unsignedRestarts = report.unsignedRestarts.map {
            UnsignedRestart(operations: $0.operations, file: $0.file, line: $0.line)
        }
        publishedFound = report.publishedFound
        latestCheckpoint = report.latest?.text
        findingCount = report.findingCount
        findings = report.findings.map { Finding(kind: $0.kind.rawValue, file: $0.file, line: $0.line, text: $0.text) }
    }
}
