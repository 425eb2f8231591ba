import ArgumentParser
import FoundationEssentials
import KeyManagement
import Logging
import TokenPKCS11

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make the store, bind it to the token, and write the first credentials.",
        discussion: """
            Needs a token with root keys ('kms token init', 'kms root init'). Makes the project 'default' and three subjects \
            with a bearer token each: admin, the platform administrator, who manages projects, subjects and roles and can use no \
            key; manager and user, with these roles in the project. The tokens are in admin.token, manager.token and user.token, \
            with mode 0600. They are written once; the store keeps their hashes only.
            """)

    @Option(help: "The folder for the credentials; made when it is missing.")
    var credentials: String

    @Option(help: "The first project's account for clients of AWS: 12 digits. One is chosen when none is given.")
    var account: String?

    @Option(help: "The first project's region for clients of AWS. It is us-east-1 when none is given.")
    var region: String?

    @OptionGroup var options: ConfigurationOptions

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
            try StandardOutput.write(
                """
                store        \(configuration.storePath)
                token        '\(identity.label)' (serial \(identity.serialNumber)), root epoch \(identity.epoch)
                project      default
                credentials  \(credentials.paths.joined(separator: ", "))

                """)
        }
    }
}
