internal import Glibc
internal import KeyManagement
internal import LibCrypto

/// A long file takes seconds to read, but a checkpoint vouches for all lines before it. So a chain is taken up at a checkpoint near the end
/// of the file, and the lines before it are checked while the service runs.
extension ChainRecovery {
    /// The lines of a file before its end.
    struct Beginning: Hashable, Sendable {
        let file: UInt64
        /// The length in bytes.
        let length: UInt64
        /// The number of the last line.
        let number: UInt64
        /// The hash of the last line.
        let hash: ChainHash
        /// The file that was read.
        let identity: LineReader.Identity
    }

    /// The number of bytes read before the thread pauses, and the pause in microseconds: together some 100 MB a second.
    private static let slice: (bytes: UInt64, pause: UInt32) = (1 << 20, 5_000)

    /// The most bytes of a file: 32 GiB, twice the largest `audit.file-bytes`. A file grows while its beginning is checked.
    private static let maxFileBytes: UInt64 = 1 << 35

    /// Reads the end of a file.
    ///
    /// - Returns: false if the file is no longer than this end, if no checkpoint in it covers the lines before, or if anything is wrong.
    ///   Nothing has then changed, and the whole file has to be read.
    mutating func readEnd(of file: UInt64, bytes: UInt64) throws(AuditOpenError) -> Bool {
        var reader = try LineReader(folder.path(of: file))
        let length = try reader.length()
        guard length <= Self.maxFileBytes else {
            throw .broken(file: reader.path, line: 1, reason: "it has \(length) bytes, more than any audit file")
        }
        try reader.skip(toLast: bytes)
        guard reader.offset > 0 else { return false }
        var attempt = self
        guard let isWhole = try? attempt.followEnd(&reader, of: file), isWhole else { return false }
        self = attempt
        return true
    }

    private mutating func followEnd(_ reader: inout LineReader, of file: UInt64) throws(AuditOpenError) -> Bool {
        let offset = reader.offset
        guard let header = try header(of: file), case .whole(let first)? = try reader.next(),
            let line = try? AuditLine(bytes: first), line.number > header.number
        else { return false }
        let beginning = Beginning(
            file: file, length: offset, number: line.number - 1, hash: line.previous,
            identity: try reader.identity())
        // Operations are counted from here until the checkpoint states their number.
        var head: ChainHead? = ChainHead(
            chain: header.chain, file: file, length: offset, number: beginning.number, hash: beginning.hash, entries: 0)
        // The lines of a file have consecutive numbers.
        lines = Int(clamping: beginning.number - header.number + 1)
        recent.add(RecentLines.Line(number: beginning.number, hash: beginning.hash, operations: 0))
        var next: LineReader.RawLine? = .whole(first)
        while let raw = next {
            switch raw {
            case .whole(let bytes): try follow(bytes, in: file, &head)
            case .overlong: return false
            case .unfinished(let length): cutBytes += UInt64(length)
            }
            guard case .whole = raw else { break }
            next = try reader.next()
        }
        guard var head, let checkpoint = latest?.signed.checkpoint,
            let operations = recent[checkpoint.through]?.operations
        else { return false }
        head.length = reader.offset
        head.entries = head.entries - operations + checkpoint.entries
        self.head = head
        self.beginning = beginning
        return true
    }

    private func header(of file: UInt64) throws(AuditOpenError) -> (number: UInt64, chain: [UInt8])? {
        var reader = try LineReader(folder.path(of: file))
        guard case .whole(let bytes)? = try reader.next(), let line = try? AuditLine(bytes: bytes),
            case .file(let header) = line.content, header.file == file
        else { return nil }
        return (line.number, header.chain)
    }

    /// Checks the lines before the end that was read, slowly.
    ///
    /// - Throws: ``AuditOpenError/broken(file:line:reason:)`` if the lines do not lead to those of the end.
    static func check(
        _ beginning: Beginning, in folder: AuditFolder, under key: PublicKey?
    ) throws(AuditOpenError) {
        var earlier = ChainRecovery(of: folder, trust: .only(key))
        earlier.keepsUncovered = false
        var reader = try LineReader(folder.path(of: beginning.file))
        guard try reader.identity() == beginning.identity else {
            throw .broken(file: reader.path, line: 1, reason: "the file was replaced while the service started")
        }
        var head: ChainHead?
        while reader.offset < beginning.length {
            let before = reader.offset
            try earlier.read(
                &reader, of: beginning.file, into: &head, until: min(before + slice.bytes, beginning.length))
            guard reader.offset > before else { break }
            usleep(slice.pause)
        }
        guard let head, reader.offset == beginning.length, head.number == beginning.number, head.hash == beginning.hash
        else {
            throw .broken(file: reader.path, line: earlier.lines + 1, reason: "it does not follow the line before it")
        }
        if let key { try earlier.verifySignatures(under: key) }
    }
}
