import ArgumentParser
import KMSClient

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

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: PlatformOptions

    private struct Outcome: PrintableAnswer {
        var checked: UInt64 = 0
        var findings: [String] = []

        var text: String { findings.map { $0 + "\n" }.joined() + "\(checked) records checked\n" }
    }

    func run() async throws {
        try await reporting {
            let outcome = try await options.withClient { client in try await verify(by: client) }
            try output.show(outcome)
            guard outcome.findings.isEmpty else {
                throw Failure(.store, "the store has \(outcome.findings.count) findings")
            }
        }
    }

    private func verify(by client: KMSClient) async throws -> Outcome {
        var outcome = Outcome()
        var bar = ProgressBar("records")
        var cursor: String?
        repeat {
            let query = APIPath.query(["limit": "500", "cursor": cursor])
            let part = try await client.send(
                KMSRequest<StoreReportAnswer>(.get, "/api/v1/store/verification" + query))
            outcome.checked += part.checked
            outcome.findings += part.findings
            cursor = part.next
            bar.show(min(outcome.checked, part.total), of: part.total)
        } while cursor != nil
        bar.show(1, of: 1)
        return outcome
    }
}
