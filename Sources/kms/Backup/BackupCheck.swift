import AuditFiles
import FoundationEssentials
import KeyManagement

/// Checks a backup by its own files: each is present and as the manifest says, the store is a whole database, and the audit chains are
/// whole.
struct BackupCheck {
    let folder: String
    let manifest: BackupManifest
    /// The public keys that checkpoints have to be signed with. If empty, signatures are not checked.
    var auditKeys: [PublicKeyInfo] = []
    var isQuiet = false

    init(_ folder: String) throws(Failure) {
        self.folder = folder
        manifest = try BackupManifest.read(in: folder)
    }

    var store: StoreCopy { StoreCopy(path: "\(folder)/\(BackupManifest.storeName)") }
    var auditPath: String { "\(folder)/\(BackupManifest.auditName)" }

    /// Returns what is wrong with the backup; empty if nothing is.
    func findings() throws -> [String] {
        var findings = try files()
        // If a file is not as it was written, its content is not checked further.
        guard findings.isEmpty else { return findings }
        findings += try store.findings().map {
            "\(BackupManifest.storeName): \($0)"
        }
        let binding = try store.binding()
        if binding.map(BackupManifest.Token.init) != manifest.token {
            findings.append("\(BackupManifest.storeName): it belongs to another token than the manifest says")
        }
        for name in [BackupManifest.auditName, BackupManifest.localAuditName] { findings += try chain(name) }
        return findings
    }

    private func files() throws -> [String] {
        var findings: [String] = []
        let present = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { path in
            var isFolder = false
            return FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder) && !isFolder
        }
        for path in Set(present).subtracting(manifest.files.map(\.path) + [BackupManifest.name]).sorted() {
            findings.append("\(path): the manifest does not have this file")
        }
        var bar = ProgressBar("files", isQuiet: isQuiet)
        let total = manifest.files.reduce(0) { $0 + $1.bytes }
        var done: UInt64 = 0
        for file in manifest.files {
            guard present.contains(file.path) else {
                findings.append("\(file.path): the file is missing")
                continue
            }
            let (count, digest) = try BackupFile.digest("\(folder)/\(file.path)")
            if count != file.bytes {
                findings.append("\(file.path): it has \(count) bytes, not \(file.bytes)")
            } else if digest != file.sha256 {
                findings.append("\(file.path): its content was changed")
            }
            done += file.bytes
            bar.show(done, of: total)
        }
        return findings
    }

    private func chain(_ name: String) throws -> [String] {
        guard manifest.files.contains(where: { $0.path.hasPrefix(name + "/") }) else { return [] }
        let report = try reading {
            var bar = ProgressBar(name, isQuiet: isQuiet)
            return try AuditVerifier(directory: "\(folder)/\(name)", publicKeys: auditKeys).verify {
                bar.show($0, of: $1)
            }
        }
        return report.findings.filter { !auditKeys.isEmpty || $0.kind != .wrongKey }.map {
            "\(name)/\($0.file) line \($0.line): \($0.text)"
        }
    }

    private func reading<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as AuditOpenError {
            throw Failure(error)
        }
    }
}
