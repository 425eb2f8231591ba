/// A column of a ``Table``.
struct Column: ExpressibleByStringLiteral {
    let title: String
    /// True for a column that is shown with `--wide` only.
    var isWide = false

    init(stringLiteral title: String) { self.title = title }

    static func wide(_ title: String) -> Column {
        var column = Column(stringLiteral: title)
        column.isWide = true
        return column
    }
}

/// Columns for people: as wide as their widest cell, separated by two blanks, without ruling lines.
struct Table {
    private let columns: [Column]
    private(set) var rows: [[Cell]] = []

    init(_ columns: Column...) {
        self.columns = columns
    }

    mutating func add(_ cells: Cell...) {
        rows.append(cells)
    }

    mutating func append(_ other: Table) {
        rows += other.rows
    }

    func text(in style: TextStyle) -> String {
        let shown = columns.indices.filter { style.isWide || !columns[$0].isWide }
        let texts = rows.map { row in shown.map { row[$0].plain(in: style) } }
        var widths = shown.indices.map { column in
            texts.reduce(DisplayText.columns(columns[shown[column]].title)) { max($0, DisplayText.columns($1[column])) }
        }
        if !style.isWide { shrink(&widths, shown, style) }
        let header = line(shown.map { columns[$0].title }, widths) { _ in nil }
        return zip(rows, texts).reduce(header) { text, row in
            text + line(row.1, widths) { row.0[shown[$0]].color(in: style) }
        }
    }

    /// Narrows the columns of free text, the widest first, until a line fits.
    private func shrink(_ widths: inout [Int], _ shown: [Int], _ style: TextStyle) {
        let free = shown.indices.filter { column in rows.contains { $0[shown[column]].canBeCut } }
        var excess = widths.reduce(2 * (widths.count - 1), +) - style.columns
        while excess > 0, let widest = free.max(by: { widths[$0] < widths[$1] }), widths[widest] > 12 {
            widths[widest] -= 1
            excess -= 1
        }
    }

    private func line(_ cells: [String], _ widths: [Int], _ color: (Int) -> String?) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() {
            let cut = DisplayText.cut(cell, to: widths[column])
            line += color(column).map { $0 + cut + "\u{1B}[0m" } ?? cut
            guard column < cells.count - 1 else { break }
            line += String(repeating: " ", count: widths[column] - DisplayText.columns(cut) + 2)
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }
}
