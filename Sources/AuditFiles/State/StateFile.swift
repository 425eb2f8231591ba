internal import FoundationEssentials
internal import Glibc
internal import KeyManagement

/// The files beside a chain that say how new each shard of the store's state digest was: `state-<SHA-256>.vector`.
///
/// A signed checkpoint has the digest of its file. The file is written, and on disk, before the checkpoint; the one before it stays
/// until the next checkpoint, so that a chain always has the file that its last checkpoint names.
struct StateFile: Sendable {
    let folder: AuditFolder

    static func name(of digest: [UInt8]) -> String { "state-\(Hexadecimal.text(digest)).vector" }

    static func isName(_ name: String) -> Bool {
        name.hasPrefix("state-") && name.hasSuffix(".vector") && name.utf8.count == 77
    }

    /// The names of all files that are there.
    func names() throws(AuditOpenError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter(Self.isName).sorted()
        } catch {
            throw .inaccessible(path: folder.path, reason: "the folder cannot be read: \(error)")
        }
    }

    /// Writes a vector, durably, unless it is there.
    ///
    /// - Returns: its digest.
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
    /// - Throws: ``AuditOpenError/inaccessible(path:reason:)`` when it is not there, or is another.
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

    /// Removes all files but those of these digests. One that cannot be removed stays.
    func keep(_ digests: [[UInt8]]) {
        let kept = Set(digests.map(Self.name))
        for name in (try? names()) ?? [] where !kept.contains(name) { unlink("\(folder.path)/\(name)") }
    }
}
