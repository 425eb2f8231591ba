import AuditFiles
import FoundationEssentials
import KeyManagement

/// Makes a backup of the store and the audit chain, both as of one moment, while the service runs.
struct BackupWriter {
    let storePath: String
    let auditPath: String
    let destination: String
    var isQuiet = false

    /// Makes the backup.
    ///
    /// - Returns: the manifest.
    /// - Throws: if the backup fails; nothing is then left under the destination's name.
    func run() throws -> BackupManifest {
        try PrivateFile.requireFree(destination)
        let part = "\(destination).part"
        try PrivateFile.requireFree(part)
        do {
            try BackupFile.makeFolder(part)
            let manifest = try fill(part)
            try BackupFile.move(part, to: destination)
            try BackupFile.sync(BackupFile.folder(of: destination))
            return manifest
        } catch {
            try? FileManager.default.removeItem(atPath: part)
            throw (error as? AuditOpenError).map { Failure($0) } ?? error
        }
    }

    private func fill(_ part: String) throws -> BackupManifest {
        var chains: [(name: String, snapshot: AuditSnapshot)] = []
        var bar = ProgressBar("store", isQuiet: isQuiet)
        let store = try StoreFile(path: storePath).copy(to: "\(part)/\(BackupManifest.storeName)") {
            // The store does not change at this moment: everything stored so far was announced in the chain, and everything that the chain
            // reports as done is stored.
            chains = try Self.chains(auditPath)
        } progress: {
            bar.show(UInt64($0), of: UInt64($1))
        }
        try BackupFile.sync(store.path)
        var paths = [BackupManifest.storeName]
        for (name, snapshot) in chains { paths += try copy(snapshot, to: name, in: part) }
        let counts = try store.counts()
        guard let binding = try store.binding() else {
            throw Failure(.store, "the store '\(storePath)' is not initialised")
        }
        let files = try paths.map { path in
            let (count, digest) = try BackupFile.digest("\(part)/\(path)")
            return BackupManifest.File(path: path, bytes: count, sha256: digest)
        }
        let manifest = BackupManifest(
            version: KMS.version, created: "\(SystemWallClock().now)", token: .init(binding), keys: counts.keys,
            versions: counts.versions, files: files)
        try manifest.bytes.withUnsafeBytes { bytes in
            try PrivateFile.create("\(part)/\(BackupManifest.name)", bytes)
        }
        try BackupFile.sync(part)
        return manifest
    }

    private static func chains(_ path: String) throws -> [(String, AuditSnapshot)] {
        try [(BackupManifest.auditName, path), (BackupManifest.localAuditName, path + "-local")].compactMap {
            name, path in
            guard FileManager.default.fileExists(atPath: path) else { return nil }
            return (name, try AuditSnapshot(directory: path))
        }
    }

    private func copy(_ snapshot: AuditSnapshot, to name: String, in part: String) throws -> [String] {
        try BackupFile.makeFolder("\(part)/\(name)")
        var bar = ProgressBar(name, isQuiet: isQuiet)
        let total = snapshot.files.reduce(0) { $0 + $1.byteCount }
        var done: UInt64 = 0
        var paths: [String] = []
        for file in snapshot.files {
            try BackupFile.copy(
                snapshot.path(of: file), to: "\(part)/\(name)/\(file.name)", atMost: file.byteCount)
            paths.append("\(name)/\(file.name)")
            done += file.byteCount
            bar.show(done, of: total)
        }
        for file in snapshot.stateFiles {
            let path = "\(name)/\(file.name)"
            try file.bytes.withUnsafeBytes { try PrivateFile.create("\(part)/\(path)", $0) }
            try BackupFile.sync("\(part)/\(path)")
            paths.append(path)
        }
        try BackupFile.sync("\(part)/\(name)")
        return paths
    }
}
