import ArgumentParser
import KeyManagement

struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Verify the store, or take over one of an earlier version.",
        subcommands: [StoreVerify.self, StoreAdopt.self])
}

struct StoreVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify every record of the store.",
        discussion: """
            The running service verifies the store part by part while it serves: that the token has sealed each record; that each record \
            is the newest of its place and that none is missing or added, by the state digest; that versions are as their keys say and \
            that references name something; and that no record is older than the audit log has seen it. Exit code 4 when something is \
            wrong.

            Example: kms store verify --json
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
            guard findings.isEmpty else { throw Failure(.store, "the store has \(findings.count) findings") }
        }
    }
}
