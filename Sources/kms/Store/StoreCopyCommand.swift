import ArgumentParser
import AuditFiles
import FoundationEssentials
import KeyManagement
import Logging
import ThreadExecutor

struct StoreCopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy", abstract: "Copy the store into another database.",
        discussion: """
            Moves between a file and PostgreSQL, in both directions, while the service is stopped. Verifies every record of the source in \
            the token, copies everything in one transaction, and verifies the copy. The target must be a file that does not exist, or a \
            database without a store. No record of the source is changed. Then set store.url or store.path, and keep audit.path.

            Example: kms store copy --to 'postgresql://kms_owner@db.example.com/kms'
            Example: kms store copy --to /var/lib/kms/kms.sqlite
            """)

    @Option(help: "The path or URL of the new store.")
    var to: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: ConfigurationOptions

    private struct Outcome: Encodable {
        let from: String
        let to: String
        let records: Int
    }

    func run() async throws {
        try await reporting {
            let configuration = try Configuration(try options.settings())
            let target = try StoreLocation(text: to)
            try target.requireFree()
            let lock = try AuditFolderLock.whileStopped(configuration.audit.directory)
            let logger = LineLogHandler.logger(configuration.logFormat, .critical)
            let token = try await configuration.openToken(logger: logger)
            do {
                let count = try await copy(configuration, to: target, with: token, logger)
                await token.close()
                lock?.release()
                let outcome = Outcome(from: configuration.store.name, to: target.name, records: count)
                try output.show(outcome, as: "Copied \(count) records from \(outcome.from) to \(outcome.to)\n")
            } catch {
                await token.close()
                throw error
            }
        }
    }

    /// Copies the store and verifies both sides.
    ///
    /// - Returns: the number of records verified in the copy.
    private func copy(
        _ configuration: Configuration, to target: StoreLocation, with token: any ServedToken, _ logger: Logger
    ) async throws -> Int {
        let source = configuration.store
        let isQuiet = output.json
        if let mismatch = try source.binding()?.mismatch(with: token.identity) { throw Failure(.store, mismatch) }
        return try await source.whileOpen(.existing) { store in
            let check = WholeStoreCheck(configuration: configuration, token: token, isQuiet: isQuiet, logger: logger)
            let before = try await check.report(on: store, label: "source")
            guard before.findings.isEmpty else {
                throw Failure(
                    .store,
                    "the source is not whole: " + before.findings.prefix(5).joined(separator: "; ")
                        + ". Nothing was copied")
            }
            return try await target.whileOpen(.create) { copy in
                do {
                    try await onOwnThread("store-copy") { try copy.fill(from: store) }
                } catch let error as StoreError {
                    guard error == .conflict else {
                        throw Failure(
                            .store,
                            "\(error). Unless the target is complete, which a second run will say, nothing was copied")
                    }
                    throw Failure(.conflict, "\(target.name) has a store already. Nothing was copied")
                }
                let after = try await check.report(on: copy, label: "copy")
                guard after.findings.isEmpty, after.checked == before.checked else {
                    throw Failure(
                        .store,
                        "the copy in \(target.name) is not whole, delete it: "
                            + after.findings.prefix(5).joined(separator: "; "))
                }
                return after.checked
            }
        }
    }
}
