internal import KeyManagement
internal import LibCrypto

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A long file takes seconds to read, and a checkpoint says of all lines before it what reading them would tell. So a chain is taken up
/// at a checkpoint in the last bytes of the file, and the lines before are checked while the service runs.
extension ChainRecovery {
    /// The lines of a file before its end.
    struct Beginning: Hashable, Sendable {
        let file: UInt64
        /// In bytes.
        let length: UInt64
        /// The number of the last line.
        let number: UInt64
        /// Its hash.
        let hash: ChainHash
    }

    /// How much of a file is read before the thread pauses, in bytes, and for how long, in microseconds: together some 100 MB a second.
    private static let slice: (bytes: UInt64, pause: UInt32) = (1 << 20, 5_000)

    /// Reads the end of a file.
    ///
    /// - Returns: false when the file has no more than this end, when the end has no checkpoint that covers the lines before it, or when
    ///   anything is wrong: then nothing has changed, and the whole file has to be read.
    mutating func readEnd(of file: UInt64, bytes: UInt64) throws(AuditOpenError) -> Bool {
        var reader = try LineReader(folder.path(of: file))
        try reader.skip(toLast: bytes)
        guard reader.offset > 0 else { return false }
        var attempt = self
        guard let isWhole = try? attempt.followEnd(&reader, of: file), isWhole else { return false }
        self = attempt
        return true
    }

    private mutating func followEnd(_ reader: inout LineReader, of file: UInt64) throws(AuditOpenError) -> Bool {
        let offset = reader.offset
        guard let chain = try chainOfHeader(in: file), case .whole(let first)? = try reader.next(),
            let line = try? AuditLine(bytes: first), line.number > 1
        else { return false }
        let beginning = Beginning(file: file, length: offset, number: line.number - 1, hash: line.previous)
        // The operations are counted from here on until the checkpoint says how many there were.
        var head: ChainHead? = ChainHead(
            chain: chain, file: file, length: offset, number: beginning.number, hash: beginning.hash, entries: 0)
        var recent = RecentLines()
        recent.add(RecentLines.Line(number: beginning.number, hash: beginning.hash, operations: 0))
        var next: LineReader.RawLine? = .whole(first)
        while let raw = next {
            switch raw {
            case .whole(let bytes): try follow(bytes, in: file, &head)
            case .overlong: return false
            case .unfinished(let length):
                guard length <= AuditLine.longest else { return false }
                cutBytes += UInt64(length)
            }
            if let head {
                recent.add(RecentLines.Line(number: head.number, hash: head.hash, operations: head.entries))
            }
            guard case .whole = raw else { break }
            next = try reader.next()
        }
        guard var head, let checkpoint = latest?.signed.checkpoint, checkpoint.chain == chain,
            let covered = recent[checkpoint.through], covered.hash == checkpoint.hash,
            let operations = covered.operations
        else { return false }
        head.length = reader.offset
        head.entries = head.entries - operations + checkpoint.entries
        self.head = head
        self.beginning = beginning
        return true
    }

    private func chainOfHeader(in file: UInt64) throws(AuditOpenError) -> [UInt8]? {
        var reader = try LineReader(folder.path(of: file))
        guard case .whole(let bytes)? = try reader.next(), let line = try? AuditLine(bytes: bytes),
            case .file(let header) = line.content, header.file == file
        else { return nil }
        return header.chain
    }

    /// Whether the key has signed the checkpoint at which the end of the file was taken up, and all others in it that name the key.
    func isEndSigned(by key: PublicKey?) -> Bool {
        guard let key, let latest, latest.signed.isMade(by: key) else { return false }
        return signed.allSatisfy { !$0.checkpoint.isMade(by: key) || $0.checkpoint.isGenuine(under: key) }
    }

    /// Checks the lines before the end that was read, slowly.
    ///
    /// - Throws: ``AuditOpenError/broken(file:line:reason:)`` when the lines do not lead to those of the end.
    static func check(
        _ beginning: Beginning, in folder: AuditFolder, under key: PublicKey?
    ) throws(AuditOpenError) {
        var earlier = ChainRecovery(of: folder)
        var reader = try LineReader(folder.path(of: beginning.file))
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
        if let key { try earlier.verifySignatures(in: beginning.file, under: key) }
    }
}
