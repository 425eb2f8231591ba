internal import KeyManagement
internal import LibCrypto

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Finds the end of a chain and takes it up there, or begins a chain.
///
/// Reads the last file, or only the end of a long one, and compares each line with the one before. The content of operations is not
/// checked, because it does not affect the chain. A last line without its line feed is cut off, because it was never acknowledged. Any
/// other defect needs an operator, and nothing is written.
struct ChainRecovery {
    let folder: AuditFolder
    var cutBytes: UInt64 = 0
    private(set) var latest: AuditCheckpoint?
    /// The part of the last file that was not read; nil if all was.
    var beginning: Beginning?
    /// The end of the chain; nil if there is none.
    var head: ChainHead?
    /// The number of lines of the last file that were read.
    private(set) var lines = 0
    /// Files without a whole line.
    private var unfinished: [UInt64] = []
    /// Operations that the last checkpoint does not cover and that have changed the store.
    private var uncovered: [(number: UInt64, bytes: [UInt8])] = []
    /// The checkpoints of the last file, whose signatures are to be verified, and their lines.
    private(set) var signed: [(checkpoint: SignedCheckpoint, line: Int)] = []

    private static let longestHeader = 512

    init(of folder: AuditFolder) {
        self.folder = folder
    }

    /// Reads the chain, and changes nothing.
    ///
    /// - Parameter end: the number of bytes at the end of the last file that suffice if a checkpoint in them covers the lines before.
    init(reading folder: AuditFolder, end: UInt64 = .max) throws(AuditOpenError) {
        self.init(of: folder)
        var files = try folder.files()
        while let last = files.last {
            try checkCompleteness(of: files)
            if try readEnd(of: last, bytes: end) { return }
            head = try read(last)
            if head != nil {
                if latest == nil { try readEarlier(files.dropLast()) }
                return
            }
            unfinished.append(last)
            files.removeLast()
        }
    }

    /// The newest state of the store that the chain has recorded.
    var witness: StateWitness {
        let steps = uncovered.flatMap { _, bytes -> [StateStep] in
            guard let line = try? AuditLine(bytes: bytes), case .operation(let entry) = line.content,
                entry.outcome != .intended
            else { return [] }
            return entry.state
        }
        return StateWitness(digest: latest?.signed.checkpoint.state, steps: steps)
    }

    /// Finds the last checkpoint in the files before the last one, and the operations after it.
    private mutating func readEarlier(_ files: some BidirectionalCollection<UInt64>) throws(AuditOpenError) {
        let reader = AuditReader(folder: folder)
        for file in files.reversed().prefix(Self.filesWithoutCheckpoint) {
            var found: AuditCheckpoint?
            var lines: [(number: UInt64, bytes: [UInt8])] = []
            try reader.forEachLine(of: file) { bytes in
                if let link = LineLink(operation: bytes) {
                    if bytes.contains(text: Self.stateMark) { lines.append((link.number, bytes)) }
                } else if AuditReader.isCheckpoint(bytes) {
                    guard let checkpoint = AuditCheckpoint(text: String(decoding: bytes, as: UTF8.self)) else { return }
                    found = checkpoint
                    lines.removeAll { $0.number <= checkpoint.signed.checkpoint.through }
                }
            }
            uncovered = lines + uncovered
            guard let found else { continue }
            latest = found
            return
        }
    }

    /// The number of files searched for a checkpoint. A token without an audit key signs none.
    private static var filesWithoutCheckpoint: Int { 4 }

    private static var stateMark: StaticString { ",\"state\":[" }

    /// Opens the last file for writing, or begins one.
    ///
    /// - Parameter key: the key whose checkpoints must be genuine; nil if the token has no audit key.
    func takeUp(under key: PublicKey?, at time: Timestamp) throws(AuditOpenError) -> (file: ChainFile, head: ChainHead)
    {
        if beginning != nil, !isEndSigned(by: key) {
            return try ChainRecovery(reading: folder).takeUp(under: key, at: time)
        }
        if let head, let key { try verifySignatures(in: head.file, under: key) }
        for file in unfinished { try discard(folder.path(of: file)) }
        if let head { return (try takeUp(head), head) }
        var generator = SystemRandomNumberGenerator()
        let chain = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let head = ChainHead(chain: chain, file: 0, length: 0, number: 0, hash: .none, entries: 0)
        return try opening(folder.path(of: 1)) { () throws(AuditError) in
            try ChainWriter.makeFile(after: head, in: folder, at: time)
        }
    }

    /// Checks that no file is missing in between. The oldest files may have been archived.
    private func checkCompleteness(of files: [UInt64]) throws(AuditOpenError) {
        for (file, next) in zip(files, files.dropFirst()) where next != file + 1 {
            throw .broken(file: folder.path(of: file + 1), line: 1, reason: "the file is missing")
        }
    }

    func verifySignatures(in file: UInt64, under key: PublicKey) throws(AuditOpenError) {
        for (checkpoint, line) in signed where checkpoint.isMade(by: key) && !checkpoint.isGenuine(under: key) {
            throw .broken(file: folder.path(of: file), line: line, reason: "the checkpoint's signature is wrong")
        }
    }

    private func takeUp(_ head: ChainHead) throws(AuditOpenError) -> ChainFile {
        try opening(folder.path(of: head.file)) { () throws(AuditError) in
            let file = try ChainFile(existing: folder.path(of: head.file))
            // This also syncs a file without a torn line, because the writes of a killed process may not be on disk yet.
            do throws(AuditError) { try file.cut(to: head.length) } catch {
                file.close()
                throw error
            }
            return file
        }
    }

    /// Checks a file and returns its end. Returns nil for a file without a whole line, which a process leaves if it dies while beginning
    /// the file.
    private mutating func read(_ number: UInt64) throws(AuditOpenError) -> ChainHead? {
        var reader = try LineReader(folder.path(of: number))
        var head: ChainHead?
        try read(&reader, of: number, into: &head)
        return head
    }

    /// Reads lines up to a limit.
    ///
    /// - Parameter limit: the position at which to stop, in bytes from the file's beginning.
    mutating func read(
        _ reader: inout LineReader, of number: UInt64, into head: inout ChainHead?, until limit: UInt64 = .max
    ) throws(AuditOpenError) {
        let path = reader.path
        while reader.offset < limit, let raw = try reader.next() {
            switch raw {
            case .whole(let bytes): try follow(bytes, in: number, &head)
            case .overlong(let length):
                throw .broken(file: path, line: lines + 1, reason: "it has \(length) bytes, more than any line of ours")
            case .unfinished(let length):
                guard length <= (head == nil ? Self.longestHeader : AuditLine.longest) else {
                    throw .broken(
                        file: path, line: lines + 1, reason: "\(length) bytes without a line feed are no line of ours")
                }
                cutBytes += UInt64(length)
                head?.length = reader.offset
                return
            }
        }
        head?.length = reader.offset
    }

    private func discard(_ path: String) throws(AuditOpenError) {
        guard unlink(path) == 0 else { throw .inaccessible(path: path, reason: SystemError.text) }
    }

    mutating func follow(_ bytes: [UInt8], in file: UInt64, _ head: inout ChainHead?) throws(AuditOpenError) {
        let path = folder.path(of: file)
        lines += 1
        if let before = head, let link = LineLink(operation: bytes) {
            if let problem = Self.problem(link.number, link.previous, after: before) {
                throw .broken(file: path, line: lines, reason: problem)
            }
            if bytes.contains(text: Self.stateMark) { uncovered.append((link.number, bytes)) }
            head?.entries += 1
            head?.number = link.number
            head?.hash = ChainHash(of: bytes)
            return
        }
        let line: AuditLine
        do throws(LineError) {
            line = try AuditLine(bytes: bytes)
        } catch {
            throw .broken(file: path, line: lines, reason: error.reason)
        }
        if let problem = problem(of: line, in: file, after: head) {
            throw .broken(file: path, line: lines, reason: problem)
        }
        switch line.content {
        case .file(let header):
            head = ChainHead(
                chain: header.chain, file: file, length: 0, number: line.number, hash: ChainHash(of: bytes),
                entries: header.entries)
            return
        case .operation: throw .broken(file: path, line: lines, reason: "an operation stands before the file's header")
        case .checkpoint(let signed):
            latest = AuditCheckpoint(line: line, signed: signed)
            uncovered.removeAll { $0.number <= signed.checkpoint.through }
            self.signed.append((signed, lines))
        case .opened, .closed: break
        }
        head?.number = line.number
        head?.hash = ChainHash(of: bytes)
    }

    private func problem(of line: AuditLine, in file: UInt64, after head: ChainHead?) -> String? {
        guard let head else {
            guard case .file(let header) = line.content else { return "a file begins with its header" }
            return header.file == file ? nil : "it is the header of file \(header.file)"
        }
        if let problem = Self.problem(line.number, line.previous, after: head) { return problem }
        switch line.content {
        case .file: return "a header stands at the beginning of a file only"
        case .checkpoint(let signed):
            return signed.checkpoint.through < line.number ? nil : "a checkpoint covers lines before it"
        case .operation, .opened, .closed: return nil
        }
    }

    private static func problem(_ number: UInt64, _ previous: ChainHash, after head: ChainHead) -> String? {
        guard number == head.number + 1 else { return "line \(head.number + 1) of the chain was expected" }
        return previous == head.hash ? nil : "the line before it was changed, or this one"
    }

    private func opening<Result>(
        _ path: String, _ body: () throws(AuditError) -> Result
    ) throws(AuditOpenError) -> Result {
        do throws(AuditError) {
            return try body()
        } catch {
            switch error {
            case .busy(let reason), .unavailable(let reason): throw .inaccessible(path: path, reason: reason)
            }
        }
    }
}
