import ArgumentParser
import KMSClient

struct HealthCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Check that the service's token and store are usable.",
        discussion: "Requires no credential.\n\nExample: kms health")

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: ConnectionOptions

    struct Answer: Decodable {
        let degraded: String?
    }

    private struct Health: Encodable {
        let ready = true
        let degraded: String?
    }

    func request() -> KMSRequest<Answer> { KMSRequest(.get, "/readyz") }

    func show(_ answer: Answer) throws {
        let degraded = answer.degraded.map { "degraded: \(DisplayText.safe($0))\n" } ?? ""
        try output.show(
            Health(degraded: answer.degraded), as: "ready: token and store are usable\n" + degraded)
    }
}
