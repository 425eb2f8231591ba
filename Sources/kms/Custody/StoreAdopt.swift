import ArgumentParser
import AuditFiles
import KeyManagement
import Logging

struct StoreAdopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Make the state digest of an earlier version's store.",
        discussion: """
            A store that a version without the state digest made is taken over once, while no service runs on it: every record's seal is \
            verified in the token, and the state digest is made from the records as they are. From then on an older, missing or added \
            record is found when it is used. What was set back before cannot be told, so make a backup and run this with the audit log \
            at hand. The service's audit log records it.

            Example: kms store adopt --config /etc/kms/kms.yaml
            """)

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
                try StandardOutput.write("state digest made: \(count) members\n")
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
