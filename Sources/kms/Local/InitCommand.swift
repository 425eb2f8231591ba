import ArgumentParser
import FoundationEssentials
import KeyManagement
import Logging
import StoreSQLite
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

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await reporting {
            let configuration = try Configuration(try options.settings())
            let first: [FirstSubject] = [
                FirstSubject(subject: try SubjectID("admin"), role: nil, isAdministrator: true),
                FirstSubject(subject: try SubjectID("manager"), role: .manager),
                FirstSubject(subject: try SubjectID("user"), role: .user),
            ]
            let paths = first.map { "\(credentials)/\($0.subject).token" }
            try prepareFolder(for: paths)
            let opened = try await Opened.open(
                configuration, storeAccess: .create, chain: .local,
                logger: Logger(label: "kms", factory: { _ in SwiftLogNoOpLogHandler() }))
            do {
                try await initializeStore(opened.service, first, paths)
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
                credentials  \(paths.joined(separator: ", "))

                """)
        }
    }

    /// Writes the credentials first: a store whose credentials were lost could not be used, nor initialised again.
    private func initializeStore(_ service: KeyService, _ first: [FirstSubject], _ paths: [String]) async throws {
        do {
            let project = try ProjectID("default")
            let directory = try await service.prepareDirectory(first, of: project)
            var written: [String] = []
            do {
                for (token, path) in zip(directory.tokens, paths) {
                    try token.withText { try PrivateFile.create(path, $0) }
                    written.append(path)
                }
                try await service.initializeStore(with: directory)
            } catch {
                // They are worth nothing.
                for path in written { try? FileManager.default.removeItem(atPath: path) }
                throw error
            }
        } catch let error as KMSError {
            switch error {
            case .tokenUnavailable, .busy, .internalFailure: throw Failure(error)
            default: throw Failure(.store, error.logDetail)
            }
        }
    }

    /// Makes sure that the credentials can be written before anything is done that cannot be done twice.
    private func prepareFolder(for paths: [String]) throws {
        for path in paths where FileManager.default.fileExists(atPath: path) {
            throw Failure(.configuration, "\(path) exists already; it is not overwritten")
        }
        do {
            try FileManager.default.createDirectory(
                atPath: credentials, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(.configuration, "the folder \(credentials) cannot be made: \(error)")
        }
        guard FileManager.default.isWritableFile(atPath: credentials) else {
            throw Failure(.configuration, "the folder \(credentials) cannot be written to")
        }
    }
}
