/// The reason why the audit files cannot be written or read. Each message names the failure, the file, and the remedy.
package enum AuditOpenError: Error, Hashable, Sendable, CustomStringConvertible {
    case inaccessible(path: String, reason: String)
    /// Another process writes to the folder.
    case locked(directory: String)
    /// The chain is not whole. Nothing is appended to it.
    case broken(file: String, line: Int, reason: String)
    case noFiles(directory: String)

    package var description: String {
        switch self {
        case .inaccessible(let path, let reason): "the audit files cannot be used: '\(path)': \(reason)"
        case .locked(let directory):
            "another process writes the audit files in '\(directory)'; only one can, and nothing was changed"
        case .broken(let file, let line, let reason):
            "the audit chain is broken at '\(file)' line \(line): \(reason). Nothing is appended to it. Run 'kms audit verify', "
                + "keep the folder as evidence under another name, and let the service begin a new chain in an empty one. A new chain does not "
                + "know how new the store is: compare the store with a backup first"
        case .noFiles(let directory): "there are no audit files in '\(directory)'"
        }
    }
}
