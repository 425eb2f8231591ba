import ArgumentParser
import KMSClient

struct HealthCommand: LineCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Check that the service's token and store are usable.",
        discussion: "Requires no credential.\n\nExample: kms health")

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: ConnectionOptions

    struct Answer: Codable {
        let degraded: String?
    }

    func request() -> KMSRequest<Answer> { KMSRequest(.get, "/readyz") }

    func summary(_ answer: Answer) -> String {
        "ready: token and store are usable" + (answer.degraded.map { "; degraded: \($0)" } ?? "")
    }
}
