import ArgumentParser
import FoundationEssentials
import KeyManagement
import Logging
import TokenPKCS11

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Create the store and the first credentials.",
        discussion: """
            Requires a token with root keys ('kms token init', 'kms root init'), and binds the store to it. Creates the project 'default' \
            and three subjects with a bearer token each: admin, the platform administrator, whose role grants no use of keys, and manager \
            and user, with these roles in the project. The tokens are written once, to admin.token, manager.token and user.token, with \
            mode 0600; the store keeps their hashes only.

            Example: kms init --credentials /etc/kms/credentials
            """)

    @Option(help: "The folder for the credentials; created if missing.")
    var credentials: String

    @Option(help: "The first project's account for AWS clients: 12 digits. [chosen by the service]")
    var account: String?

    @Option(help: "The first project's region for AWS clients. [us-east-1]")
    var region: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: ConfigurationOptions

    private struct Outcome: Encodable {
        let store: String
        let token: String
        let serialNumber: String
        let epoch: UInt32
        let project: String
        let credentials: [String]
    }

    func run() async throws {
        try await reporting {
            let location = ProjectLocation(
                account: try account.map { try AccountNumber($0) }, region: try region.map { try Region($0) })
            let configuration = try Configuration(try options.settings())
            let credentials = try FirstCredentials(folder: credentials)
            try credentials.prepareFolder()
            let opened = try await OpenService.open(
                configuration, storeAccess: .create, chain: .local,
                logger: Logger(label: "kms", factory: { _ in SwiftLogNoOpLogHandler() }))
            do {
                opened.recordState()
                try await credentials.initializeStore(opened.service, at: location)
            } catch {
                try? await opened.close()
                throw error
            }
            let identity = opened.token.identity
            try await opened.close()
            try output.show(
                Outcome(
                    store: configuration.storePath, token: identity.label, serialNumber: identity.serialNumber,
                    epoch: identity.epoch.number, project: "default", credentials: credentials.paths),
                as: """
                    store        \(configuration.storePath)
                    token        '\(identity.label)' (serial \(identity.serialNumber)), root epoch \(identity.epoch)
                    project      default
                    credentials  \(credentials.paths.joined(separator: ", "))

                    """)
        }
    }
}
