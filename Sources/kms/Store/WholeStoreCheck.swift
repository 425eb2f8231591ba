import KeyManagement
import Logging

/// Verifies every record of a store that nothing else uses, in the token. Nothing is recorded.
struct WholeStoreCheck {
    let configuration: Configuration
    let token: any ServedToken
    let isQuiet: Bool
    let logger: Logger
    /// The number of records, as far as it is known, for the progress bar.
    var total = 0

    /// Verifies a store.
    ///
    /// - Parameter label: the text in front of the progress bar.
    func report(on store: any ServedStore, label: String) async throws -> StoreReport {
        let service = KeyService(
            token: token, store: store, audit: NoAudit(), identities: nil, rules: configuration.rules,
            limits: configuration.limits, recordCapacity: 1000, recordLease: configuration.recordLease, logger: logger)
        var bar = ProgressBar(label, isQuiet: isQuiet)
        return try await service.verifyStore { bar.show(UInt64($0), of: UInt64(max($0, total, 1))) }
    }

    /// An audit log that refuses every entry, because the check does nothing that has to be recorded.
    private struct NoAudit: AuditLog {
        func append(_ entry: AuditEntry) async throws(AuditError) {
            throw .unavailable("a check of a whole store writes no audit")
        }

        var publishedCheckpoint: String? { nil }

        func witnessedRecords(limit: Int) async throws(AuditError) -> [WitnessedRecord] { [] }

        func checkpoints(limit: Int) async throws(AuditError) -> [String] { [] }

        func checkHealth() async throws(AuditError) {}
    }
}
