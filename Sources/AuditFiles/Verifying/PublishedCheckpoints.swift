internal import LibCrypto

/// Checkpoints that were kept elsewhere, compared with those of the chain.
struct PublishedCheckpoints {
    private var lines: [UInt64: [UInt8]] = [:]
    private var missing: Set<UInt64> = []

    /// Reads published lines; empty ones are ignored.
    init(_ texts: [String], keys: [PublicKey], _ report: inout AuditReport) {
        for (index, text) in texts.enumerated() where text.contains(where: { !$0.isWhitespace }) {
            let place = LinePlace(file: "published", line: index + 1)
            guard let checkpoint = AuditCheckpoint(text: text) else {
                report.add(.notPublished, place, "this is not the line of a checkpoint")
                continue
            }
            guard keys.contains(where: { checkpoint.signed.isMade(by: $0) && checkpoint.signed.isGenuine(under: $0) })
            else {
                report.add(.badSignature, place, "this published checkpoint is not signed by the key")
                continue
            }
            let number = checkpoint.line.number
            let bytes = checkpoint.line.bytes
            if let other = lines[number], other != bytes {
                report.add(.notPublished, place, "two different checkpoints were published for line \(number)")
            }
            lines[number] = bytes
            missing.insert(number)
        }
    }

    var isEmpty: Bool { lines.isEmpty }

    mutating func meet(_ number: UInt64, _ bytes: [UInt8], at place: LinePlace, _ report: inout AuditReport) {
        guard let published = lines[number], missing.contains(number) else { return }
        guard published == bytes else { return }
        missing.remove(number)
        report.publishedFound += 1
    }

    /// Reports the checkpoints that were not found. Lines before the first one were archived.
    func end(from first: UInt64, to last: UInt64, at place: LinePlace, _ report: inout AuditReport) {
        for number in missing.sorted() where number >= first {
            if number > last {
                report.add(
                    .cutOff, place, "the chain ends with line \(last), but a checkpoint at line \(number) was published"
                )
            } else {
                report.add(.notPublished, place, "line \(number) is not the checkpoint that was published")
            }
        }
    }
}
