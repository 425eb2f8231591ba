import ArgumentParser
import KeyManagement

struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Check the store of a running service.", subcommands: [StoreVerify.self])
}

struct StoreVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every seal and every reference in the store, and that it was not set back.",
        discussion: """
            The running service does it, part by part, while it serves: each record's seal in the token, that versions are as their keys \
            say, that what is named is there; and that no record is older than the audit log has seen it, as a store would be \
            that was replaced by an older copy of itself. 'kms serve' asks the last thing at each start. Exit code 4 when \
            something is wrong.
            """)

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: PlatformOptions

    private struct Outcome: Codable {
        let checked: UInt64
        let findings: [String]
    }

    func run() async throws {
        try await reporting {
            let client = try options.client()
            var bar = ProgressBar("records")
            var (checked, findings): (UInt64, [String]) = (0, [])
            var cursor: String?
            repeat {
                let answer: StoreReportAnswer = try await client.get(
                    "/api/v1/store/verification" + PathText.query(["limit": "500", "cursor": cursor]))
                checked += answer.checked
                findings += answer.findings
                cursor = answer.next
                bar.show(min(checked, answer.total), of: answer.total)
            } while cursor != nil
            bar.show(1, of: 1)
            if json {
                try JSONText.write(Outcome(checked: checked, findings: findings))
            } else {
                try StandardOutput.write(findings.map { $0 + "\n" }.joined() + "\(checked) records checked\n")
            }
            guard findings.isEmpty else { throw Failure(.store, "\(findings.count) things are wrong in the store") }
        }
    }
}
