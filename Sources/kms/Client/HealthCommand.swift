import ArgumentParser
import KMSClient

struct HealthCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Ask the service whether token and store can be used. Needs no credential.")

    @OptionGroup var options: ConnectionOptions

    struct Answer: Decodable {
        let degraded: String?
    }

    func request() -> KMSRequest<Answer> { KMSRequest(.get, "/readyz") }

    func show(_ answer: Answer) throws {
        try StandardOutput.write("ready: token and store can be used\n")
        if let reason = answer.degraded { try StandardOutput.write("degraded: \(reason)\n") }
    }
}
