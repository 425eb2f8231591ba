import ArgumentParser

struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Ask the service whether token and store can be used. Needs no credential.")

    @OptionGroup var options: ConnectionOptions

    private struct Answer: Decodable {
        let degraded: String?
    }

    func run() async throws {
        try await reporting {
            let client = try options.client()
            let answer: Answer = try await client.get("/readyz")
            try StandardOutput.write("ready: token and store can be used\n")
            if let reason = answer.degraded { try StandardOutput.write("degraded: \(reason)\n") }
        }
    }
}
