internal import KeyManagement
internal import ThreadExecutor

/// Reads a folder of audit files without a lock and without changing anything, also while another process writes.
package struct AuditReader: Sendable {
    let folder: AuditFolder

    init(folder: AuditFolder) {
        self.folder = folder
    }

    package init(directory: String) {
        folder = AuditFolder(path: directory)
    }

    /// Passes each line of all files to `body`, oldest first, until it returns false. Lines that cannot be read are skipped;
    /// ``AuditVerifier`` finds them.
    package func forEachLine(_ body: (AuditLine) throws -> Bool) throws {
        let files = try existingFiles()
        for file in files {
            var reader = try LineReader(folder.path(of: file))
            while let raw = try reader.next() {
                guard case .whole(let bytes) = raw, let line = try? AuditLine(bytes: bytes) else {
                    if case .unfinished = raw { break }
                    continue
                }
                guard try body(line) else { return }
            }
        }
    }

    /// Returns the last lines for which `isWanted` returns true, oldest first.
    package func lastLines(_ count: Int, where isWanted: (AuditLine) -> Bool = { _ in true }) throws(AuditOpenError)
        -> [AuditLine]
    {
        var found: [AuditLine] = []
        for file in try existingFiles().reversed() where found.count < count {
            var ofFile: [AuditLine] = []
            try forEachLine(of: file) { bytes in
                guard let line = try? AuditLine(bytes: bytes), isWanted(line) else { return }
                ofFile.append(line)
                if ofFile.count >= 2 * count + 1024 { ofFile.removeFirst(ofFile.count - count) }
            }
            found = ofFile.suffix(count - found.count) + found
        }
        return found
    }

    /// Returns the last checkpoint; nil if there is none.
    package func latestCheckpoint() throws(AuditOpenError) -> AuditCheckpoint? {
        try latestCheckpoint(before: .max)
    }

    func latestCheckpoint(before limit: UInt64) throws(AuditOpenError) -> AuditCheckpoint? {
        for file in try folder.files().reversed() where file < limit {
            var latest: AuditCheckpoint?
            try forEachLine(of: file) { bytes in
                guard Self.isCheckpoint(bytes),
                    let found = AuditCheckpoint(text: String(decoding: bytes, as: UTF8.self)),
                    found.signed.checkpoint.through >= latest?.signed.checkpoint.through ?? 0
                else { return }
                latest = found
            }
            if let latest { return latest }
        }
        return nil
    }

    func existingFiles() throws(AuditOpenError) -> [UInt64] {
        let files = try folder.files()
        guard !files.isEmpty else { throw .noFiles(directory: folder.path) }
        return files
    }

    /// Passes the whole lines of a file to `body`.
    func forEachLine(of file: UInt64, _ body: ([UInt8]) -> Void) throws(AuditOpenError) {
        var reader = try LineReader(folder.path(of: file))
        while let raw = try reader.next() {
            switch raw {
            case .whole(let bytes): body(bytes)
            case .overlong: continue
            case .unfinished: return
            }
        }
    }

    static func isCheckpoint(_ line: [UInt8]) -> Bool { line.contains(text: ",\"type\":\"checkpoint\",") }
}
