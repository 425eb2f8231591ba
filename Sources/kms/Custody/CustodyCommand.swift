import ArgumentParser
import KMSClient
import KeyManagement

struct CustodyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "custody", abstract: "Create, print and verify custody reports.",
        discussion: """
            Example: kms custody report --out custody.json
            Example: kms custody show custody.json --html > custody.html
            Example: kms custody verify custody.json --audit-key audit.pem
            Example: kms custody verify epoch-1.json --audit-key audit.pem --epoch 1
            """,
        subcommands: [CustodyReportCommand.self, CustodyShow.self, CustodyVerify.self])
}

struct CustodyReportCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Examine each key in the token; write a signed report.",
        discussion: """
            Writes FILE (JSON) and FILE.sig (its signature by the audit key). FILE.html, which prints on A4, and FILE.txt are made from these \
            two alone: 'kms custody verify' makes them again and compares. The token is called about 20 times for each version; raise \
            --timeout if there are many. Exit code 3 if there are findings.

            Example: kms custody report --out custody.json
            """)

    @Option(help: "Write the report to this new file.")
    var out: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlatformOptions

    private struct Outcome: Encodable {
        let file: String
        let keys: Int
        let versions: Int
        let rootKeys: Int
        let findings: [String]
    }

    func check() throws { try SignedFiles(path: out).requireFree() }

    func request() -> KMSRequest<SignedDocumentAnswer> { KMSRequest(.post, "/api/v1/custody/report") }

    func show(_ answer: SignedDocumentAnswer) throws {
        try SignedFiles(path: out).write(answer)
        let report = try CustodyReport(json: try SignedFiles.bytes(out))
        try output.show(
            Outcome(
                file: out, keys: report.keys.count, versions: report.versionsExamined, rootKeys: report.rootKeys.count,
                findings: report.findings),
            as:
                "\(report.keys.count) keys, \(report.versionsExamined) versions and \(report.rootKeys.count) root keys examined, "
                + "\(report.findings.count) findings; written to \(out)\n")
        guard report.findings.isEmpty else { throw Failure(.token, report.findings.prefix(5).joined(separator: "; ")) }
    }
}

struct CustodyShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a report, certificate or transcript.",
        discussion: """
            Text of 80 columns, or with --html a page that prints on A4. The signature is shown but not verified; 'kms custody verify' does \
            that.

            Example: kms custody show custody.json | less
            Example: kms custody show transcript.json --html > transcript.html
            """)

    @Argument(help: "The document, JSON. Its signature is beside it as FILE.sig.")
    var file: String

    @Flag(help: "Print a page (HTML).")
    var html = false

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await reporting {
            guard !output.json else {
                guard !html else { throw Failure(.input, "--html and --json exclude each other") }
                return try SignedFiles.bytes(file).withUnsafeBytes { try StandardOutput.write($0) }
            }
            try StandardOutput.write((html ? CustodyRendering.html : .text).text(of: try PaperSource(path: file)))
        }
    }
}
