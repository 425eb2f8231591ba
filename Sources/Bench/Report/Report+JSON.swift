import Foundation

/// The report as JSON for programs.
struct ReportDocument: Encodable {
    struct Value: Encodable {
        let name: String
        let number: Double
        let unit: String
    }
    struct Row: Encodable {
        let part: String
        let name: String
        let values: [Value]
    }
    struct Bound: Encodable {
        let part: String
        let name: String
        let atLeast: Double?
        let atMost: Double?
        let reached: Double
        let unit: String
        let isReached: Bool
        let basis: String
    }
    struct Missing: Encodable {
        let part: String
        let reason: String
    }

    let measurements: [Row]
    let floors: [Bound]
    let notMeasured: [Missing]

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(filePath: path), options: .atomic)
    }
}

extension Report {
    func json() -> ReportDocument {
        ReportDocument(
            measurements: measurements.map { one in
                ReportDocument.Row(
                    part: one.part.rawValue, name: one.name,
                    values: one.values.map { ReportDocument.Value(name: $0.name, number: $0.number, unit: $0.unit) })
            },
            floors: floors.map(Self.bound),
            notMeasured: failures.map { ReportDocument.Missing(part: $0.part.rawValue, reason: $0.reason) })
    }

    private static func bound(_ floor: Floor) -> ReportDocument.Bound {
        var (least, most): (Double?, Double?)
        switch floor.bound {
        case .atLeast(let bound): least = bound
        case .atMost(let bound): most = bound
        }
        return ReportDocument.Bound(
            part: floor.part.rawValue, name: floor.name, atLeast: least, atMost: most, reached: floor.reached,
            unit: floor.unit, isReached: floor.isReached, basis: floor.basis)
    }
}
