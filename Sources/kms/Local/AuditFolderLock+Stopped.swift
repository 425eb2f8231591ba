import AuditFiles
import FoundationEssentials

extension AuditFolderLock {
    /// Locks a folder of audit files so that no service can start meanwhile.
    ///
    /// - Returns: nil if the folder does not exist yet.
    /// - Throws: ``Failure`` if the service is running.
    static func whileStopped(_ directory: String) throws(Failure) -> AuditFolderLock? {
        guard FileManager.default.fileExists(atPath: directory) else { return nil }
        do throws(AuditOpenError) {
            return try AuditFolderLock(directory: directory)
        } catch {
            if case .locked = error { throw Failure(.conflict, "the service is running; stop it first (\(error))") }
            throw Failure(error)
        }
    }
}
