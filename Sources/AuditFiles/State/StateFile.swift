import Encodings
internal import FoundationEssentials
internal import Glibc
internal import KeyManagement

/// The files beside a chain that record how new each shard of the store's state digest was: `state-<SHA-256>.vector`.
///
/// A signed checkpoint contains the digest of its file. The file is on disk before the checkpoint is. The previous file stays until the
/// next checkpoint, so that the file of the last checkpoint always exists.
struct StateFile: Sendable {
    let folder: AuditFolder

    static func name(of digest: [UInt8]) -> String { "state-\(Hexadecimal.text(digest)).vector" }

    static func isName(_ name: String) -> Bool {
        name.hasPrefix("state-") && name.hasSuffix(".vector") && name.utf8.count == 77
    }

    /// Returns the names of all existing files.
    func names() throws(AuditOpenError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter(Self.isName).sorted()
        } catch {
            throw .inaccessible(path: folder.path, reason: "the folder cannot be read: \(error)")
        }
    }

    /// Writes a vector durably, unless its file exists.
    ///
    /// - Returns: the digest of the vector.
    func write(_ vector: StateVector) throws(AuditError) -> [UInt8] {
        let digest = vector.digest
        let path = "\(folder.path)/\(Self.name(of: digest))"
        guard access(path, F_OK) != 0 else { return digest }
        let part = "\(path).part"
        unlink(part)
        let file = try ChainFile(new: part)
        do throws(AuditError) {
            try file.write(vector.encoded)
            try file.sync()
            file.close()
            guard rename(part, path) == 0, folder.sync() else {
                throw AuditError.unavailable("'\(path)': \(SystemError.text)")
            }
        } catch {
            file.close()
            unlink(part)
            throw error
        }
        return digest
    }

    /// Reads the vector of a digest.
    ///
    /// - Throws: ``AuditOpenError/inaccessible(path:reason:)`` if the file is missing or does not have this digest.
    func read(_ digest: [UInt8]) throws(AuditOpenError) -> StateVector {
        let path = "\(folder.path)/\(Self.name(of: digest))"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .inaccessible(
                path: path,
                reason:
                    "the last checkpoint of the audit chain names this file, which says how new the store is; it is missing"
            )
        }
        guard let vector = StateVector(encoded: Array(data)), vector.digest == digest else {
            throw .inaccessible(path: path, reason: "the file is not the one that the last checkpoint names")
        }
        return vector
    }

    /// Removes all files except those of these digests. Files that cannot be removed stay.
    func keep(_ digests: [[UInt8]]) {
        let kept = Set(digests.map(Self.name))
        for name in (try? names()) ?? [] where !kept.contains(name) { unlink("\(folder.path)/\(name)") }
    }
}
