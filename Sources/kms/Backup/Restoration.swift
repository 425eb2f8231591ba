import AuditFiles
import FoundationEssentials
import KeyManagement
import Logging

/// Replaces the store with a backup. If the process dies at any point, a whole store remains: the old one or the backup's.
struct Restoration {
    /// The steps of a restoration, and the changes that it undoes.
    struct Plan {
        enum Chain {
            /// The present chain continues the backup's; it is kept.
            case goesOn
            /// There is no present chain; the backup's is put in its place.
            case isRestored

            var text: String {
                switch self {
                case .goesOn: "goes on, and will say that an older store was accepted"
                case .isRestored: "not there; the backup's is put in its place"
                }
            }
        }

        let created: String
        let storePath: String
        let storeExists: Bool
        let chain: Chain
        let differences: [StoreDifference]
    }

    private let check: BackupCheck
    private let configuration: Configuration

    init(_ check: BackupCheck, _ configuration: Configuration) throws(Failure) {
        self.check = check
        self.configuration = configuration
        storePath = try configuration.store.requireFile(for: "a restoration").path
    }

    private let storePath: String
    private var auditPath: String { configuration.audit.directory }

    /// Checks everything and changes nothing.
    func prepare() async throws -> Plan {
        let findings = try check.findings()
        guard findings.isEmpty else {
            throw Failure(.store, "the backup is not whole: " + findings.prefix(5).joined(separator: "; "))
        }
        _ = try lock()
        let seals = try await SealCheck(check, configuration).findings()
        guard seals.isEmpty else {
            throw Failure(
                .store, "the backup cannot be used with this token: " + seals.prefix(5).joined(separator: "; "))
        }
        let exists = FileManager.default.fileExists(atPath: storePath)
        return Plan(
            created: check.manifest.created, storePath: storePath, storeExists: exists, chain: try chain(),
            differences: exists ? differences() : [])
    }

    /// Carries out the plan.
    ///
    /// - Returns: a line that describes what was done.
    func run(_ plan: Plan) async throws -> String {
        let lock = try lock()
        if case .isRestored = plan.chain { try restoreChains() }
        let aside = try exchange(plan)
        // The audit chain, once open, takes its own lock.
        lock?.release()
        let accepted = try await acceptOlderStore()
        let place = aside.map { "; the store that was there is '\($0)'" } ?? ""
        return "restored the store of \(plan.created); \(accepted) older shards of its state were accepted\(place)"
    }

    // MARK: Looking

    /// Locks the audit folder so that no service can start meanwhile; returns nil if the folder does not exist yet.
    private func lock() throws(Failure) -> AuditFolderLock? { try AuditFolderLock.whileStopped(auditPath) }

    /// Checks that the present chain begins with all of the backup's. A chain that does not is another one, and nothing may be added to it.
    private func chain() throws -> Plan.Chain {
        let files = check.manifest.files.map(\.path).filter {
            $0.hasPrefix(BackupManifest.auditName + "/") && !AuditSnapshot.isStateFile($0)
        }
        let present = (try? AuditSnapshot(directory: auditPath).files.map(\.name)) ?? []
        guard !present.isEmpty else { return .isRestored }
        for path in files {
            let own = "\(auditPath)/\(path.dropFirst(BackupManifest.auditName.count + 1))"
            guard FileManager.default.fileExists(atPath: own),
                try BackupFile.isPrefix("\(check.folder)/\(path)", of: own)
            else {
                throw Failure(
                    .store,
                    "the audit chain in '\(auditPath)' does not go on from the backup's; move the folder away, and restore again: "
                        + "the backup's chain is then put there")
            }
        }
        return .goesOn
    }

    private func differences() -> [StoreDifference] {
        do throws(Failure) {
            return try StoreFile(path: storePath).differences(from: check.store)
        } catch {
            // A store that cannot be read is the usual reason to restore; it is no obstacle.
            StandardError.write("kms: the present store cannot be compared: \(error)\n")
            return []
        }
    }

    // MARK: Doing

    private func restoreChains() throws {
        for (name, path) in [
            (BackupManifest.auditName, auditPath), (BackupManifest.localAuditName, auditPath + "-local"),
        ] {
            let files = check.manifest.files.map(\.path).filter { $0.hasPrefix(name + "/") }
            guard !files.isEmpty, (try? AuditSnapshot(directory: path).files.isEmpty) ?? true else { continue }
            let part = "\(path).restoring"
            try? FileManager.default.removeItem(atPath: part)
            try BackupFile.makeFolder(part)
            for file in files {
                try BackupFile.copy("\(check.folder)/\(file)", to: "\(part)/\(file.dropFirst(name.count + 1))")
            }
            try BackupFile.sync(part)
            // An empty folder with a lock file in it may exist.
            if FileManager.default.fileExists(atPath: path) { try BackupFile.move(path, to: "\(path).empty-\(stamp)") }
            try BackupFile.move(part, to: path)
            try BackupFile.sync(BackupFile.folder(of: path))
        }
    }

    /// Puts the backup's store under the store's name.
    ///
    /// - Returns: the path of the former store.
    private func exchange(_ plan: Plan) throws -> String? {
        let aside = plan.storeExists ? "\(storePath).before-restore-\(stamp)" : nil
        try StoreFile(path: storePath).replace(with: check.store, movingTo: aside)
        return aside
    }

    /// Accepts the older store as `kms serve --accept-older-store` does, with an entry in the audit chain.
    private func acceptOlderStore() async throws -> Int {
        let logger = LineLogHandler.logger(configuration.logFormat, .critical)
        let opened = try await OpenService.open(configuration, storeAccess: .existing, chain: .service, logger: logger)
        do {
            let accepted = try await opened.checkStore(acceptingOlder: true)
            try await opened.close()
            return accepted
        } catch {
            try? await opened.close()
            throw error
        }
    }

    /// The time for use in file names: `20261125T101502Z`.
    private let stamp = "\(SystemWallClock().now)".prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
}
