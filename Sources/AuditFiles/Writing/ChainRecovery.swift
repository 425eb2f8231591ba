internal import Glibc
internal import KeyManagement
internal import LibCrypto

/// Finds the end of a chain and takes it up there, or begins a chain.
///
/// Reads the last file, or only the end of a long one, and compares each line with the one before. The content of operations is not
/// checked, because it does not affect the chain. A last line without its line feed is cut off, because it was never acknowledged. Any
/// other defect needs an operator, and nothing is written.
struct ChainRecovery {
    /// The checkpoints that count as evidence of how new the store has to be.
    enum Trust {
        /// All of them, because the token's key is not known yet. ``verified(under:)`` decides later.
        case any
        /// Those that the token's audit key signed; none if the token has no such key.
        case only(PublicKey?)
    }

    let folder: AuditFolder
    let trust: Trust
    var cutBytes: UInt64 = 0
    /// The newest checkpoint that counts. Each one covers more lines than the one before, so an older one cannot be put behind it.
    private(set) var latest: AuditCheckpoint?
    /// The part of the last file that was not read; nil if all was.
    var beginning: Beginning?
    /// The end of the chain; nil if there is none.
    var head: ChainHead?
    /// The number of the line of the last file that was read last.
    var lines = 0
    /// The number of the first line of the last file, the hash of the line before it, and the number of operations before it; nil if only
    /// the end was read.
    private var first: (number: UInt64, previous: ChainHash, entries: UInt64)?
    /// The lines read last, for the checkpoints behind them.
    var recent = RecentLines()
    /// True if no checkpoint was found that covers a line that was read, and there are or were earlier files.
    private var isUnwitnessed = false
    /// Files without a whole line.
    private var unfinished: [UInt64] = []
    /// False if the operations that no checkpoint covers are not needed.
    var keepsUncovered = true
    /// Operations that the last checkpoint does not cover and that have changed the store.
    private var uncovered: [(number: UInt64, bytes: [UInt8], file: UInt64, line: Int)] = []
    /// The newest state of the store that the chain has recorded.
    private(set) var witness = StateWitness(digest: nil, steps: [])
    /// The checkpoints that were read, whose signatures are to be verified, and their places.
    private(set) var signed: [(checkpoint: SignedCheckpoint, file: UInt64, line: Int)] = []

    private static let maxHeaderLength = 512

    init(of folder: AuditFolder, trust: Trust) {
        self.folder = folder
        self.trust = trust
    }

    /// Reads the chain, and changes nothing.
    ///
    /// - Parameters:
    ///   - folder: the folder of the chain.
    ///   - end: the number of bytes at the end of the last file that suffice if a checkpoint in them covers the lines before.
    ///   - trust: the checkpoints that are believed.
    init(reading folder: AuditFolder, end: UInt64 = .max, trust: Trust = .any) throws(AuditOpenError) {
        self.init(of: folder, trust: trust)
        try readFiles(end: end)
        witness = StateWitness(digest: latest?.signed.checkpoint.state, steps: try uncoveredSteps())
    }

    private mutating func readFiles(end: UInt64) throws(AuditOpenError) {
        var files = try folder.files()
        while let last = files.last {
            try checkCompleteness(of: files)
            if try readEnd(of: last, bytes: end) { return }
            head = try read(last)
            if head != nil { return try readEarlier(files) }
            unfinished.append(last)
            files.removeLast()
        }
    }

    /// Returns the changes of the state digest that the operations after the newest checkpoint report.
    ///
    /// - Throws: ``AuditOpenError/broken(file:line:reason:)`` if one of them cannot be read: it may report the newest change of all.
    private func uncoveredSteps() throws(AuditOpenError) -> [StateWitness.Step] {
        var steps: [StateWitness.Step] = []
        for (_, bytes, file, line) in uncovered {
            let content: AuditLine.Content
            do throws(LineError) {
                content = try AuditLine(bytes: bytes).content
            } catch {
                throw .broken(file: folder.path(of: file), line: line, reason: error.reason)
            }
            guard case .operation(let entry) = content, entry.outcome != .intended else { continue }
            steps += entry.state.map { StateWitness.Step(step: $0, file: file, line: line) }
        }
        return steps
    }

    /// Reads the files before the last one back to the line that the newest checkpoint covers, and takes the operations after it.
    ///
    /// - Parameter files: all files. The last one was read whole.
    private mutating func readEarlier(_ files: [UInt64]) throws(AuditOpenError) {
        var next = first
        for (file, later) in zip(files.dropLast(), files.dropFirst()).reversed().prefix(filesWithoutCheckpoint) {
            if let latest, let next, latest.signed.checkpoint.through >= next.number { return }
            var earlier = ChainRecovery(of: folder, trust: trust)
            guard let end = try earlier.read(file), let begin = next, begin.number == end.number + 1,
                begin.previous == end.hash, begin.entries == end.entries, end.chain == head?.chain
            else {
                throw .broken(file: folder.path(of: later), line: 1, reason: "it does not follow the file before it")
            }
            if let checkpoint = latest?.signed.checkpoint, let problem = earlier.problem(of: checkpoint, after: end) {
                throw .broken(file: folder.path(of: later), line: 1, reason: problem)
            }
            signed = earlier.signed + signed
            latest = latest ?? earlier.latest
            let through = latest?.signed.checkpoint.through ?? 0
            uncovered = earlier.uncovered.filter { $0.number > through } + uncovered
            next = earlier.first
        }
        guard let next, next.number > 1, latest?.signed.checkpoint.through ?? 0 < next.number else { return }
        if case .only(.some) = trust {
            throw .broken(
                file: folder.path(of: files.last ?? 0), line: 1,
                reason:
                    "the files that are left have no checkpoint that covers a line of theirs; put the archived files back"
            )
        }
        isUnwitnessed = true
    }

    /// The number of files searched for a checkpoint: all, because headers alone would hide one. A token without an audit key signs none,
    /// so four must do until the key is known.
    private var filesWithoutCheckpoint: Int {
        if case .only(.some) = trust { .max } else { 4 }
    }

    private static var stateMark: StaticString { ",\"state\":[" }

    /// Returns the chain as it is under the token's audit key: as it was read if the key signed all checkpoints in it; otherwise it is
    /// read again, whole, and only the checkpoints of the key count.
    ///
    /// - Throws: ``AuditOpenError/broken(file:line:reason:)`` if a checkpoint names the key and its signature is wrong.
    func verified(under key: PublicKey?) throws(AuditOpenError) -> ChainRecovery {
        if signed.isEmpty, key == nil || !isUnwitnessed { return self }
        if let key, !isUnwitnessed,
            signed.allSatisfy({ $0.checkpoint.isMade(by: key) && $0.checkpoint.isGenuine(under: key) })
        {
            return self
        }
        let strict = try ChainRecovery(reading: folder, trust: .only(key))
        if let key { try strict.verifySignatures(under: key) }
        return strict
    }

    /// Opens the last file for writing, or begins one.
    func takeUp(at time: Timestamp) throws(AuditOpenError) -> (file: ChainFile, head: ChainHead) {
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

    func verifySignatures(under key: PublicKey) throws(AuditOpenError) {
        for (checkpoint, file, line) in signed where checkpoint.isMade(by: key) && !checkpoint.isGenuine(under: key) {
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
    /// - Parameters:
    ///   - reader: the lines of the file.
    ///   - number: the number of the file.
    ///   - head: the end of the chain so far, which is advanced.
    ///   - limit: the position at which to stop, in bytes from the file's beginning.
    mutating func read(
        _ reader: inout LineReader, of number: UInt64, into head: inout ChainHead?, until limit: UInt64 = .max
    ) throws(AuditOpenError) {
        let path = reader.path
        while reader.offset < limit, let raw = try reader.next() {
            switch raw {
            case .whole(let bytes): try follow(bytes, in: number, &head)
            case .overlong:
                throw .broken(
                    file: path, line: lines + 1, reason: "there is no line feed within \(AuditLine.maxLength) bytes")
            case .unfinished(let length):
                guard head != nil || length <= Self.maxHeaderLength else {
                    throw .broken(
                        file: path, line: lines + 1, reason: "\(length) bytes without a line feed are not a header")
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
            if keepsUncovered, bytes.contains(text: Self.stateMark) {
                uncovered.append((link.number, bytes, file, lines))
            }
            head?.entries += 1
            advance(&head, to: link.number, bytes)
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
            first = (line.number, line.previous, header.entries)
        case .operation: throw .broken(file: path, line: lines, reason: "an operation stands before the file's header")
        case .checkpoint(let signed):
            self.signed.append((signed, file, lines))
            if counts(signed) {
                latest = AuditCheckpoint(line: line, signed: signed)
                uncovered.removeAll { $0.number <= signed.checkpoint.through }
            }
        case .opened, .closed: break
        }
        advance(&head, to: line.number, bytes)
    }

    private mutating func advance(_ head: inout ChainHead?, to number: UInt64, _ bytes: [UInt8]) {
        let hash = ChainHash(of: bytes)
        head?.number = number
        head?.hash = hash
        recent.add(RecentLines.Line(number: number, hash: hash, operations: head?.entries))
    }

    /// Returns true if a checkpoint counts as evidence.
    private func counts(_ signed: SignedCheckpoint) -> Bool {
        switch trust {
        case .any: true
        case .only(let key): key.map { signed.isMade(by: $0) && signed.isGenuine(under: $0) } ?? false
        }
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
            guard signed.checkpoint.through < line.number else { return "a checkpoint covers lines before it" }
            return counts(signed) ? problem(of: signed.checkpoint, after: head) : nil
        case .operation, .opened, .closed: return nil
        }
    }

    /// The reason why a checkpoint cannot stand after the lines that were read; nil if it can, or if it covers a line of an earlier file.
    private func problem(of checkpoint: Checkpoint, after head: ChainHead) -> String? {
        guard checkpoint.chain == head.chain else { return "the checkpoint belongs to another chain" }
        // Equal if a checkpoint was written although its writer had given up, and was then signed again.
        if let latest, latest.signed.checkpoint.through > checkpoint.through {
            return "an older checkpoint stands behind the one of line \(latest.line.number)"
        }
        if let first, checkpoint.through < first.number { return nil }
        guard let covered = recent[checkpoint.through] else {
            return "the checkpoint covers line \(checkpoint.through), which is not where it stands"
        }
        guard covered.hash == checkpoint.hash else {
            return "line \(checkpoint.through) is not the one that the checkpoint was signed for"
        }
        // If only the end of a file was read, the number of operations follows from the checkpoint.
        guard first == nil || covered.operations == checkpoint.entries else {
            return "the checkpoint was signed for \(checkpoint.entries) operations"
        }
        return nil
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
