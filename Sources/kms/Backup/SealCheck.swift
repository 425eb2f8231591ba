import FoundationEssentials
import KeyManagement
import Logging

/// Checks in the token that a backup belongs to that token, and verifies every seal in it.
struct SealCheck {
    private let check: BackupCheck
    private let configuration: Configuration

    init(_ check: BackupCheck, _ configuration: Configuration) {
        self.check = check
        self.configuration = configuration
    }

    func findings() async throws -> [String] {
        let logger = LineLogHandler.logger(configuration.logFormat, .critical)
        let token = try await configuration.openToken(logger: logger)
        do {
            let found = try await findings(with: token, logger)
            await token.close()
            return found
        } catch {
            await token.close()
            throw error
        }
    }

    private func findings(with token: any ServedToken, _ logger: Logger) async throws -> [String] {
        if let mismatch = try check.store.binding()?.mismatch(with: token.identity) {
            return [mismatch]
        }
        // A store that is opened for use writes files beside itself and migrates its schema. So it is opened as a copy, outside the backup.
        let scratch = "\(FileManager.default.temporaryDirectory.path)/kms-verify-\(UUID().uuidString)"
        try BackupFile.makeFolder(scratch)
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let path = "\(scratch)/\(BackupManifest.storeName)"
        try BackupFile.copy(check.store.path, to: path)
        let store = try StoreFile(path: path).open(.existing)
        do {
            let findings = try await findings(in: store, with: token, logger)
            try? await store.close()
            return findings
        } catch {
            try? await store.close()
            throw error
        }
    }

    private func findings(
        in store: any ServedStore, with token: any ServedToken, _ logger: Logger
    ) async throws -> [String] {
        let service = KeyService(
            token: token, store: store, audit: NoAudit(), identities: nil, rules: configuration.rules,
            limits: configuration.limits, recordCapacity: 1000, recordLease: configuration.recordLease, logger: logger)
        var bar = ProgressBar("seals", isQuiet: check.isQuiet)
        let total = check.manifest.keys + check.manifest.versions.values.reduce(0, +)
        return try await service.verifyStore { bar.show(UInt64($0), of: UInt64(max(1, total))) }.findings
    }

    /// An audit log that refuses every entry, because the check does nothing that has to be recorded.
    private struct NoAudit: AuditLog {
        func append(_ entry: AuditEntry) async throws(AuditError) {
            throw .unavailable("a check of a backup writes no audit")
        }

        var publishedCheckpoint: String? { nil }

        func witnessedRecords(limit: Int) async throws(AuditError) -> [WitnessedRecord] { [] }

        func checkpoints(limit: Int) async throws(AuditError) -> [String] { [] }

        func checkHealth() async throws(AuditError) {}
    }
}
