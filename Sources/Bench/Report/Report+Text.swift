import Foundation

extension Report {
    /// The report as tables for people.
    var text: String {
        var lines: [String] = []
        for part in Part.allCases {
            let found = measurements.filter { $0.part == part }
            guard !found.isEmpty else { continue }
            lines.append("\n\(part.rawValue)")
            let width = found.map(\.name.count).max() ?? 0
            for one in found {
                lines.append("  \(Self.padded(one.name, width))  \(one.values.map(\.text).joined(separator: "   "))")
            }
        }
        lines.append("\nfloors")
        let rows = floors.map(Self.row)
        let widths = (0..<5).map { column in ([Self.head] + rows).map { $0[column].count }.max() ?? 0 }
        for row in [Self.head] + rows {
            lines.append("  " + zip(row, widths).map { Self.padded($0, $1) }.joined(separator: "  "))
        }
        for (part, reason) in failures { lines.append("  \(part.rawValue): not measured: \(reason)") }
        return lines.joined(separator: "\n")
    }

    private static let head = ["", "floor", "reached", "ok", "of"]

    private static func row(_ floor: Floor) -> [String] {
        let unit = floor.unit.isEmpty ? "" : " \(floor.unit)"
        let bound =
            switch floor.bound {
            case .atLeast(let bound): "≥ \(NumberText.of(bound))\(unit)"
            case .atMost(let bound): "≤ \(NumberText.of(bound))\(unit)"
            }
        return [
            floor.name, bound, NumberText.of(floor.reached) + unit, floor.isReached ? "yes" : "NO", floor.basis,
        ]
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
