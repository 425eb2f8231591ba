import ArgumentParser
import KeyManagement
import Logging

struct CredentialRecover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Issue an administrator's credential with the PIN.",
        discussion: """
            For operators who have lost all credentials but have the configuration, the PIN and the store. Makes the subject an enabled \
            platform administrator if necessary. Works on this machine's store, also while the service is running. The audit log records it.

            Example: kms credential recover admin --out admin.token
            """)

    @Argument(help: "The administrator's name.")
    var subject: String

    @Option(help: "Write the token to this new file, with mode 0600.")
    var out: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: ConfigurationOptions

    private struct Outcome: Encodable {
        let subject: String
        let credential: String
        let token: String
    }

    func run() async throws {
        try await reporting {
            let id = try SubjectID(subject)
            try PrivateFile.requireFree(out)
            let opened = try await OpenService.open(
                try Configuration(try options.settings()), storeAccess: .existing, chain: .local,
                logger: Logger(label: "kms", factory: { _ in SwiftLogNoOpLogHandler() }))
            do {
                try await opened.checkStore()
                let issued = try await opened.service.recoverAdministrator(id)
                try issued.token.withText { try PrivateFile.create(out, $0) }
                try await opened.close()
                try output.show(
                    Outcome(subject: id.text, credential: "\(issued.record.id)", token: out),
                    as: "Issued credential \(issued.record.id) to administrator \(id); token in \(out)\n")
            } catch {
                try? await opened.close()
                throw error
            }
        }
    }
}
