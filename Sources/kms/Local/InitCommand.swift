import ArgumentParser
import FoundationEssentials
import KeyManagement
import Logging
import TokenPKCS11

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Create the store and the first credentials.",
        discussion: """
            Needs a token with root keys ('kms token init', 'kms root init'). Makes the project 'default' and three subjects \
            with a bearer token each: admin, the platform administrator, who manages projects, subjects and roles and can use no \
            key; manager and user, with these roles in the project. With --region several times there is a project for each region: \
            'default' in the first, 'default-REGION' in each other, all in one account and with the same roles. The tokens are in admin.token, manager.token and user.token, \
            with mode 0600. They are written once; the store keeps their hashes only.

            Example: kms init --credentials credentials
            Example: kms init --credentials credentials --account 111122223333 --region eu-central-1 --region us-east-1
            """)

    @Option(help: "The folder for the credentials; made when it is missing.")
    var credentials: String

    @Option(help: "The account for clients of AWS: 12 digits. [default: a random one]")
    var account: String?

    @Option(name: .customLong("region"), help: "A region for clients of AWS; repeatable. [default: us-east-1]")
    var regions: [String] = []

    @OptionGroup var options: ConfigurationOptions

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
            try StandardOutput.write(
                """
                store        \(configuration.storePath)
                token        '\(identity.label)' (serial \(identity.serialNumber)), root epoch \(identity.epoch)
                \(projects.text)
                credentials  \(credentials.paths.joined(separator: ", "))

                """)
        }
    }
}
