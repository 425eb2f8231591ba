/// Compares each line's number and hash with those of the lines before, and reports as precisely as they allow what was changed.
///
/// A pure state machine: lines go in, findings come out.
struct LinkCheck {
    /// The verdict on a line.
    enum Verdict {
        /// The line is in its place.
        case inPlace
        /// The line is in its place, but lines before it are missing.
        case afterGap
        /// The line is not in its place.
        case outOfPlace
    }

    /// The number of the line that should come next; nil before the first one.
    private(set) var expected: UInt64?
    private var hash = ChainHash.none
    private var place = LinePlace(file: "", line: 0)
    /// The hashes of inserted lines; the next line may follow one of them instead.
    private var alternatives: [ChainHash] = []
    /// The lowest number that may follow lines that could not be read.
    private var earliest: UInt64?
    /// A line whose hash does not fit: either it or the previous line was changed. The line after it decides.
    private var doubt: (before: LinePlace, at: LinePlace)?
    private var gaps: [(numbers: ClosedRange<UInt64>, place: LinePlace)] = []

    private static let maxGaps = 1000

    /// Records a line that could not be read.
    mutating func malformed(at place: LinePlace, _ report: inout AuditReport) {
        settleDoubt(nil, &report)
        guard let expected else { return }
        earliest = earliest ?? expected
        self.expected = expected + 1
        self.place = place
    }

    /// Records a missing file. It was reported, so the lines that are missing with it are not.
    mutating func missingFile() { earliest = .max }

    mutating func line(
        _ line: AuditLine, hash own: ChainHash, at place: LinePlace, _ report: inout AuditReport
    ) -> Verdict {
        guard let expected else { return begin(line, own, place, &report) }
        guard line.number >= expected || line.number >= earliest ?? .max else {
            return behind(line, own, place, expected, &report)
        }
        let isExcused = earliest != nil
        let fits = line.previous == hash || alternatives.contains(line.previous)
        settleDoubt(line.number == expected ? line.previous : nil, &report)
        var verdict = Verdict.inPlace
        if line.number > expected {
            verdict = .afterGap
            if earliest != .max { removed(expected...line.number - 1, place, &report) }
        } else if isExcused {
            verdict = .afterGap
        } else if !fits, !wasDoubted {
            doubt = (before: self.place, at: place)
        }
        wasDoubted = false
        go(on: line, own, place)
        return verdict
    }

    /// Ends the chain.
    mutating func end(_ report: inout AuditReport) { settleDoubt(nil, &report) }

    /// True if the doubt that was just settled also explains why this line's hash does not fit.
    private var wasDoubted = false

    private mutating func begin(
        _ line: AuditLine, _ own: ChainHash, _ place: LinePlace, _ report: inout AuditReport
    ) -> Verdict {
        if line.number == 1, line.previous != .none { report.add(.changed, place, "the first line follows another") }
        if line.number != 1, case .file(let header) = line.content, header.file == 1 {
            report.add(.removed, place, "the chain begins with line \(line.number)")
        }
        go(on: line, own, place)
        return .inPlace
    }

    private mutating func go(on line: AuditLine, _ own: ChainHash, _ place: LinePlace) {
        expected = line.number + 1
        hash = own
        self.place = place
        alternatives = []
        earliest = nil
    }

    /// Handles a line whose number is below the expected one.
    private mutating func behind(
        _ line: AuditLine, _ own: ChainHash, _ place: LinePlace, _ expected: UInt64, _ report: inout AuditReport
    ) -> Verdict {
        if let index = gaps.firstIndex(where: { $0.numbers.contains(line.number) }) {
            let gap = gaps[index]
            report.reorder(
                gap.place, line.number,
                "line \(line.number) of the chain stands at \(place.file):\(place.line), behind this one")
            fill(index, with: line.number)
        } else {
            report.add(
                .inserted, place,
                "line \(line.number) of the chain was there already; line \(expected) was expected. One of them was put in"
            )
        }
        if alternatives.count < 16 { alternatives.append(own) }
        return .outOfPlace
    }

    private mutating func fill(_ index: Int, with number: UInt64) {
        let gap = gaps.remove(at: index)
        if number > gap.numbers.lowerBound { gaps.append((gap.numbers.lowerBound...number - 1, gap.place)) }
        if number < gap.numbers.upperBound { gaps.append((number + 1...gap.numbers.upperBound, gap.place)) }
    }

    private mutating func removed(_ numbers: ClosedRange<UInt64>, _ place: LinePlace, _ report: inout AuditReport) {
        let what =
            numbers.count == 1 ? "line \(numbers.lowerBound)" : "lines \(numbers.lowerBound) to \(numbers.upperBound)"
        report.add(.removed, place, "\(what) of the chain is missing before this one")
        if gaps.count < Self.maxGaps { gaps.append((numbers, place)) }
    }

    /// Settles the doubt about a line.
    ///
    /// - Parameter previous: the hash that the next line in place states for the line in doubt; nil if there is none.
    private mutating func settleDoubt(_ previous: ChainHash?, _ report: inout AuditReport) {
        guard let doubt else { return }
        self.doubt = nil
        if previous == hash {
            report.add(.changed, doubt.before, "it is not what it was when the next line was written")
        } else if previous != nil {
            report.add(.changed, doubt.at, "it is not what it was when the next line was written")
            wasDoubted = true
        } else {
            report.add(.changed, doubt.at, "it does not follow the line before it: one of the two was changed")
        }
    }
}

extension AuditReport {
    /// Turns lines that were reported missing into lines in another place.
    fileprivate mutating func reorder(_ place: LinePlace, _ number: UInt64, _ text: String) {
        guard
            let index = findings.firstIndex(where: {
                $0.kind == .removed && $0.file == place.file && $0.line == place.line
            })
        else { return }
        findings[index] = AuditFinding(kind: .reordered, file: place.file, line: place.line, text: text)
    }
}
