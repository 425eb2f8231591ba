import Encodings
internal import KeyManagement
internal import LibCrypto

/// Checks the content of a chain against itself and against the keys.
struct ChainCheck {
    var report = AuditReport()
    private let keys: [PublicKey]
    private var links = LinkCheck()
    private var recent = RecentLines()
    private var published: PublishedCheckpoints
    private var chain: [UInt8]?
    private var first: UInt64?
    private var last: UInt64 = 0
    private var lastPlace = LinePlace(file: "", line: 0)
    /// The number of operations so far; nil if lines are missing.
    private var operations: UInt64?
    /// The number of operations before the first line that was read; nil before its header.
    private var archivedOperations: UInt64?
    private var covered: UInt64 = 0

    init(keys: [PublicKey], published: [String]) {
        self.keys = keys
        self.published = PublishedCheckpoints(published, keys: keys, &report)
    }

    mutating func missingFile(_ number: UInt64) {
        report.add(.missingFile, LinePlace(file: AuditFolder.name(of: number), line: 0), "the file is missing")
        links.missingFile()
        operations = nil
    }

    mutating func malformed(at place: LinePlace, _ reason: String) {
        report.lines += 1
        report.add(.malformed, place, "not a line of an audit file: \(reason)")
        links.malformed(at: place, &report)
        operations = nil
        lastPlace = place
    }

    mutating func unfinished(_ count: Int, at place: LinePlace) {
        report.add(
            .unfinished, place,
            "\(count) bytes without a line feed: a write that was interrupted, which the next start cuts off, or a change"
        )
    }

    mutating func line(_ bytes: [UInt8], of file: UInt64, at place: LinePlace) {
        let line: AuditLine
        do throws(LineError) {
            line = try AuditLine(bytes: bytes)
        } catch {
            return malformed(at: place, error.reason)
        }
        report.lines += 1
        let hash = ChainHash(of: bytes)
        published.meet(line.number, bytes, at: place, &report)
        checkPlace(of: line, in: file, at: place)
        switch links.line(line, hash: hash, at: place, &report) {
        case .inPlace: break
        case .afterGap: operations = nil
        case .outOfPlace: return
        }
        if first == nil { first = line.number }
        last = line.number
        lastPlace = place
        read(line, at: place)
        recent.add(RecentLines.Line(number: line.number, hash: hash, operations: operations))
    }

    mutating func end(requiresFinalCheckpoint: Bool) -> AuditReport {
        links.end(&report)
        published.end(from: first ?? 1, to: last, at: lastPlace, &report)
        let before = max(covered, (first ?? 1) - 1)
        let behind = last > before ? last - before : 0
        // The checkpoint's own line follows the lines that it covers.
        report.uncoveredLines = behind == 1 && report.latest?.line.number == last ? 0 : behind
        if requiresFinalCheckpoint, report.uncoveredLines > 0 {
            report.add(.uncovered, lastPlace, "\(report.uncoveredLines) lines up to here are under no checkpoint")
        }
        return report
    }

    private mutating func read(_ line: AuditLine, at place: LinePlace) {
        switch line.content {
        case .file(let header): read(header, at: place)
        case .operation:
            report.operations += 1
            operations = operations.map { $0 + 1 }
        case .checkpoint(let signed): read(signed, line, at: place)
        case .opened: noteUnsigned(at: place)
        case .closed: break
        }
    }

    /// Notes the operations before an opening record that no checkpoint covers.
    private mutating func noteUnsigned(at place: LinePlace) {
        let signed = report.latest?.signed.checkpoint.entries ?? archivedOperations ?? 0
        guard let operations, operations > signed, report.unsignedRestarts.count < AuditReport.maxFindings else {
            return
        }
        report.unsignedRestarts.append(
            UnsignedRestart(operations: operations - signed, file: place.file, line: place.line))
    }

    /// Checks that a header is at the beginning of the file with its number, and nowhere else.
    private mutating func checkPlace(of line: AuditLine, in file: UInt64, at place: LinePlace) {
        guard case .file(let header) = line.content else {
            if place.line == 1 { report.add(.wrongFile, place, "the file does not begin with its header") }
            return
        }
        if place.line != 1 { report.add(.wrongFile, place, "a file's header stands inside of a file") }
        if header.file != file { report.add(.wrongFile, place, "this is file \(header.file) of the chain") }
    }

    private mutating func read(_ header: FileHeader, at place: LinePlace) {
        if let chain, chain != header.chain { report.add(.wrongFile, place, "the file belongs to another chain") }
        if let operations, operations != header.entries {
            report.add(
                .rewritten, place,
                "it says that there are \(header.entries) operations before it; there are \(operations)")
        }
        if header.file == 1, header.entries != 0 {
            report.add(.rewritten, place, "there are no operations before the first file")
        }
        chain = chain ?? header.chain
        archivedOperations = archivedOperations ?? header.entries
        operations = header.entries
    }

    private mutating func read(_ signed: SignedCheckpoint, _ line: AuditLine, at place: LinePlace) {
        let checkpoint = signed.checkpoint
        report.checkpoints += 1
        guard let key = keys.first(where: signed.isMade) else {
            report.add(
                .wrongKey, place,
                "the checkpoint says that it is signed by another key, \(Hexadecimal.text(checkpoint.key))")
            return
        }
        guard signed.isGenuine(under: key) else {
            report.add(.badSignature, place, "the checkpoint's signature is wrong")
            return
        }
        if let problem = problem(of: checkpoint, in: line) { report.add(.rewritten, place, problem) }
        covered = max(covered, checkpoint.through)
        guard checkpoint.through >= report.latest?.signed.checkpoint.through ?? 0 else { return }
        report.latest = AuditCheckpoint(line: line, signed: signed)
    }

    private func problem(of checkpoint: Checkpoint, in line: AuditLine) -> String? {
        guard checkpoint.chain == chain ?? checkpoint.chain else { return "the checkpoint belongs to another chain" }
        guard checkpoint.through < line.number, line.number - checkpoint.through < RecentLines.reach else {
            return "the checkpoint covers lines up to \(checkpoint.through), which is not where it stands"
        }
        if let latest = report.latest, latest.signed.checkpoint.through > checkpoint.through {
            return "an older checkpoint stands behind the one of line \(latest.line.number)"
        }
        guard let covered = recent[checkpoint.through] else {
            // The line is missing, which was reported, or it was archived.
            return nil
        }
        guard covered.hash == checkpoint.hash else {
            return "line \(checkpoint.through) is not the one that the checkpoint was signed for"
        }
        guard covered.operations ?? checkpoint.entries == checkpoint.entries else {
            return "the checkpoint was signed for \(checkpoint.entries) operations"
        }
        return nil
    }
}
