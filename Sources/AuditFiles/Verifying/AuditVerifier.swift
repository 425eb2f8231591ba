internal import Glibc
package import KeyManagement
internal import LibCrypto

/// Verifies a chain with its files and a public key only: no token, no service.
///
/// It reads each file once, in an amount of memory that does not depend on them.
package struct AuditVerifier {
    private let folder: AuditFolder
    private let keys: [PublicKey]
    /// Lines of checkpoints that were kept elsewhere. Only they reveal that the end of a chain was cut off, or that the holder of the token
    /// has replaced all of it.
    package var published: [String] = []
    /// The first file to read, if earlier ones have been archived; otherwise 1.
    package var firstFile: UInt64 = 1
    /// True if lines after the last checkpoint are a finding.
    package var requiresFinalCheckpoint = false

    /// Makes a verifier for the chain in a folder.
    ///
    /// - Parameters:
    ///   - directory: the path of the folder.
    ///   - publicKeys: all audit keys that have signed the chain.
    /// - Throws: ``AuditOpenError/inaccessible(path:reason:)`` for a key that is not on the curve P-256.
    package init(directory: String, publicKeys: [PublicKeyInfo]) throws(AuditOpenError) {
        folder = AuditFolder(path: directory)
        var keys: [PublicKey] = []
        for info in publicKeys {
            guard let key = try? PublicKey(der: info.der), key.kind == .ec(.p256) else {
                throw .inaccessible(path: "public key", reason: "an audit key is a public key on the curve P-256")
            }
            keys.append(key)
        }
        self.keys = keys
    }

    /// Verifies everything. Blocks the calling thread.
    ///
    /// - Parameter progress: called at intervals with the number of bytes read, and the total.
    /// - Throws: ``AuditOpenError`` if a file cannot be read; defects of its content are in the report.
    package func verify(
        progress: (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) throws(AuditOpenError) -> AuditReport {
        let first = firstFile
        let files = try folder.files().filter { $0 >= first }
        guard !files.isEmpty else { throw .noFiles(directory: folder.path) }
        var check = ChainCheck(keys: keys, published: published)
        let sizes = files.map(size)
        let total = sizes.reduce(0, +)
        var done: UInt64 = 0
        var expected = firstFile
        for (file, size) in zip(files, sizes) {
            while expected < file {
                check.missingFile(expected)
                // Further findings would add nothing.
                expected = file - expected > 100 ? file - 1 : expected + 1
            }
            try read(file, &check) { progress(done + $0, total) }
            check.report.files += 1
            done += size
            expected = file + 1
        }
        progress(total, total)
        return check.end(requiresFinalCheckpoint: requiresFinalCheckpoint)
    }

    private func read(
        _ file: UInt64, _ check: inout ChainCheck, _ progress: (UInt64) -> Void
    ) throws(AuditOpenError) {
        var reader = try LineReader(folder.path(of: file))
        var count = 0
        while let raw = try reader.next() {
            count += 1
            let place = LinePlace(file: AuditFolder.name(of: file), line: count)
            switch raw {
            case .whole(let bytes): check.line(bytes, of: file, at: place)
            case .overlong: check.malformed(at: place, "it has more than \(AuditLine.maxLength) bytes")
            case .unfinished(let length): return check.unfinished(length, at: place)
            }
            if count % 4096 == 0 { progress(reader.offset) }
        }
    }

    private func size(_ file: UInt64) -> UInt64 {
        var status = stat()
        return stat(folder.path(of: file), &status) == 0 ? UInt64(status.st_size) : 0
    }
}
