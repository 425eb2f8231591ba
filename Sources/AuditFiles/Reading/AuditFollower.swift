/// Reads lines that are appended to a chain, file after file, as they arrive.
package final class AuditFollower {
    private let folder: AuditFolder
    private var file: UInt64
    private var reader: LineReader

    /// Starts after the last existing line.
    package init(directory: String) throws(AuditOpenError) {
        folder = AuditFolder(path: directory)
        guard let last = try folder.files().last else { throw .noFiles(directory: directory) }
        file = last
        var reader = try LineReader(folder.path(of: last))
        while let raw = try reader.next() {
            if case .unfinished = raw { break }
        }
        self.reader = reader
    }

    /// Returns the next whole line; nil if there is none yet.
    package func next() throws(AuditOpenError) -> AuditLine? {
        while true {
            while let raw = try reader.next() {
                guard case .whole(let bytes) = raw else { break }
                if let line = try? AuditLine(bytes: bytes) { return line }
            }
            guard try folder.files().contains(file + 1) else { return nil }
            file += 1
            reader = try LineReader(folder.path(of: file))
        }
    }
}
