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
            and user, with these roles in the project. With several regions there is a project for each: 'default' in the first, 'default-REGION' in \
            each other, all in one account and with the same roles. The tokens are written once, to admin.token, manager.token and user.token, with \
            mode 0600; the store keeps their hashes only.

            Example: kms init --credentials /etc/kms/credentials
            Example: kms init --credentials credentials --account 111122223333 \\
                --region eu-central-1 --region us-east-1
            """)

    @Option(help: "The folder for the credentials; created if missing.")
    var credentials: String

    @Option(help: "The account for AWS clients: 12 digits. [chosen by the service]")
    var account: String?

    @Option(name: .customLong("region"), help: "A region for AWS clients; may be repeated. [us-east-1]")
    var regions: [String] = []

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: ConfigurationOptions

    private struct Outcome: Encodable {
        let store: String
        let token: String
        let serialNumber: String
        let epoch: UInt32
        let projects: [String]
        let credentials: [String]
    }

    func run() async throws {
        try await reporting {
            let projects = try FirstProjects(account: account, regions: regions)
            let configuration = try Configuration(try options.settings())
            let credentials = try FirstCredentials(folder: credentials)
            try credentials.prepareFolder()
            let opened = try await OpenService.open(
                configuration, storeAccess: .create, chain: .local,
                logger: Logger(label: "kms", factory: { _ in SwiftLogNoOpLogHandler() }))
            do {
                opened.recordState()
                try await credentials.initializeStore(opened.service, with: projects)
            } catch {
                try? await opened.close()
                throw error
            }
            let identity = opened.token.identity
            try await opened.close()
            try output.show(
                Outcome(
                    store: configuration.store.name, token: identity.label, serialNumber: identity.serialNumber,
                    epoch: identity.epoch.number, projects: projects.names, credentials: credentials.paths),
                as: """
                    store        \(configuration.store.name)
                    token        '\(identity.label)' (serial \(identity.serialNumber)), root epoch \(identity.epoch)
                    \(projects.text)
                    credentials  \(credentials.paths.joined(separator: ", "))

                    """)
        }
    }
}
