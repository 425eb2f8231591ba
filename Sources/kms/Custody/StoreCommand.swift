import ArgumentParser
import KMSClient

struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Verify, probe, copy or upgrade the store.",
        subcommands: [
            StoreVerify.self, StoreProbe.self, StoreSQL.self, StoreMigrate.self, StoreCopyCommand.self, StoreAdopt.self,
        ])
}

struct StoreVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify every record of the store.",
        discussion: """
            The running service verifies, part by part: the seal of each record; by the state digest, that each record is the newest and \
            that none is missing or added; that versions match their keys and that references resolve; and that no record is older than \
            the audit log has seen it. Requires the platform administrator role. Exit code 4 if anything is wrong.

            Example: kms store verify --json
            """)

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: PlatformOptions

    private struct Outcome: PrintableAnswer {
        var checked: UInt64 = 0
        var findings: [String] = []

        func text(in style: TextStyle) -> String {
            findings.map { DisplayText.safe($0) + "\n" }.joined() + "\(checked) records checked\n"
        }
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
