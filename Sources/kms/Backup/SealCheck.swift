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
        return try await StoreLocation.file(StoreFile(path: path)).whileOpen(.existing) { store in
            var whole = WholeStoreCheck(
                configuration: configuration, token: token, isQuiet: check.isQuiet, logger: logger)
            whole.total = check.manifest.keys + check.manifest.versions.values.reduce(0, +)
            return try await whole.report(on: store, label: "seals").findings
        }
    }
}
