import FoundationEssentials
import Glibc
import StoreSQLite

extension StoreFile {
    /// Puts a copy under the store's name. If the process dies at any point, a whole store remains under that name.
    ///
    /// - Parameters:
    ///   - old: the path that a present store moves to; nil if there is none.
    /// - Throws: ``Failure`` if another process reads the store. Nothing was changed then.
    func replace(with copy: StoreCopy, movingTo old: String?) throws {
        let part = "\(path).restoring"
        try? FileManager.default.removeItem(atPath: part)
        try BackupFile.copy(copy.path, to: part)
        if let old { try move(to: old) }
        try BackupFile.move(part, to: path)
        try BackupFile.sync(BackupFile.folder(of: path))
    }

    private func move(to old: String) throws {
        // Opening and closing merges the write-ahead log into the store. A log left behind would be taken for the restored store's.
        if let present = try? SQLiteKeyStore.open(path: path, access: .existing) {
            try? present.close()
            guard Self.isEmpty(path + "-wal") else {
                throw Failure(.conflict, "somebody reads the store '\(path)'; nothing was changed, try again later")
            }
        }
        for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            try BackupFile.move(path + suffix, to: old + suffix)
        }
        // The old store gets a second name first, so that a store exists under the configured name at all times.
        guard linkat(AT_FDCWD, path, AT_FDCWD, old, 0) == 0 else {
            throw BackupFile.failure("given the name '\(old)'", path)
        }
    }

    /// Returns true if a file is empty or does not exist.
    private static func isEmpty(_ path: String) -> Bool {
        (try? BackupFile.read(path, atMost: 1) { _ in }) ?? 0 == 0
    }
}
