import ArgumentParser
import KeyManagement
import Logging

struct CredentialRecover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Issue a new credential to an administrator, with the token's PIN instead of one.",
        discussion: """
            For whoever has the configuration, the PIN and the store, and no credential any more. Makes the subject an enabled platform \
            administrator when it is none. Works on this machine's store, also while the service runs elsewhere on it; the act is \
            in the audit log.

            Example: kms credential recover admin --out admin.token
            """)

    @Argument(help: "The administrator.")
    var subject: String

    @Option(help: "Write the token to this new file, with mode 0600.")
    var out: String

    @OptionGroup var options: ConfigurationOptions

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
                try StandardOutput.write(
                    "administrator  \(id)\ncredential     \(issued.record.id)\ntoken          \(out)\n")
            } catch {
                try? await opened.close()
                throw error
            }
        }
    }
}
