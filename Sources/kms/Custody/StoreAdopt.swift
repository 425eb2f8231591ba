import ArgumentParser
import AuditFiles
import KeyManagement
import Logging

struct StoreAdopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Create the state digest of an old store.",
        discussion: """
            Upgrades a store of a version without the state digest, once, while the service is stopped. Verifies every record's seal in \
            the token and creates the digest from the records as they are. Afterwards, an older, missing or added record is detected at \
            its next use. Earlier rollbacks cannot be detected: make a backup first, and keep the audit log. The audit log records the \
            upgrade.

            Example: kms store adopt --config /etc/kms/kms.yaml
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await reporting {
            let configuration = try Configuration(try options.settings())
            let opened = try await OpenService.open(
                configuration, storeAccess: .existing, chain: .service,
                logger: Logger(label: "kms", factory: { _ in SwiftLogNoOpLogHandler() }))
            do {
                do throws(KMSError) {
                    try await opened.service.checkBinding()
                } catch {
                    throw Failure(.store, error.logDetail)
                }
                try await opened.requireNoWitness()
                var bar = ProgressBar("records")
                let count = try await opened.service.adoptState { bar.show(UInt64($0), of: UInt64($0)) }
                try await opened.checkStore()
                try await opened.close()
                try output.show(["members": count], as: "Created the state digest: \(count) members\n")
            } catch {
                try? await opened.close()
                throw error
            }
        }
    }
}

extension OpenService {
    /// Fails if the store has a state digest, or if the audit log has seen one: then it was removed from the store.
    fileprivate func requireNoWitness() async throws {
        guard try await !service.hasState() else {
            throw Failure(.store, "the store has a state digest already")
        }
        guard try await audit.trail.stateWitness().isEmpty else {
            throw Failure(
                .store,
                "the audit log has seen a state digest of this store, so it was removed, or an older store was put in its place: restore "
                    + "a backup with 'kms backup restore'")
        }
    }
}
