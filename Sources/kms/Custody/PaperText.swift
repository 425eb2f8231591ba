/// A ``Paper`` as plain text of 80 columns.
struct PaperText {
    private let paper: Paper
    private static let width = 80
    private static let rule = String(repeating: "=", count: width)

    init(_ paper: Paper) { self.paper = paper }

    var text: String {
        var lines = paper.title.uppercased().lines(of: Self.width) + paper.subject.visible.lines(of: Self.width)
        if let notice = paper.notice { lines += [""] + notice.lines(of: Self.width) }
        lines += ["", Self.rule] + paper.verdict.visible.lines(of: Self.width) + [Self.rule]
        for check in paper.checks {
            lines += hanging(
                check.isPassed ? "  ok    " : "  FAIL  ", "\(check.what): \(check.result)".visible)
        }
        if !paper.findings.isEmpty {
            lines += heading("Findings") + paper.findings.flatMap { hanging("  - ", $0.visible) }
        }
        for part in paper.parts {
            lines += heading(part.title)
            for (index, block) in part.blocks.enumerated() { lines += (index == 0 ? [] : [""]) + text(of: block) }
        }
        return lines.map { $0.withoutTrailingBlanks + "\n" }.joined()
    }

    private func heading(_ title: String) -> [String] {
        ["", ""] + title.visible.uppercased().lines(of: Self.width)
            + [String(repeating: "-", count: min(title.visible.columns, Self.width))]
    }

    private func text(of block: PaperBlock) -> [String] {
        switch block {
        case .paragraph(let text): return text.visible.lines(of: Self.width)
        case .list(let items): return items.flatMap { hanging("  - ", $0.visible) }
        case .facts(let facts):
            let width = min(26, facts.map(\.name.columns).max() ?? 0) + 4
            return facts.flatMap { hanging("  \($0.name.visible)".filled(to: width), $0.value) }
        case .commands(let commands):
            return commands.flatMap { command($0.visible) }
        case .signatures(let roles):
            return roles.flatMap { role in
                role.visible.lines(of: Self.width - 2).map { "  " + $0 } + [
                    "", "  Name ____________________  Date ____________  Signature ____________________", "",
                ]
            }
        case .table(let table): return text(of: table)
        }
    }

    private func text(of table: PaperTable) -> [String] {
        let short = table.columns.indices.filter { !table.columns[$0].isLong }
        let long = table.columns.indices.filter { table.columns[$0].isLong }
        let rows = table.groups.flatMap(\.rows)
        let widths = short.map { column in
            max(table.columns[column].title.columns, rows.map { $0[column].text.visible.columns }.max() ?? 0)
        }
        func line(_ cells: [String]) -> [String] {
            hanging("  ", zip(cells, widths).map { $0.filled(to: $1) }.joined(separator: "  ").withoutTrailingBlanks)
        }
        var lines = line(short.map { table.columns[$0].title.uppercased() })
        for group in table.groups {
            if let heading = group.heading {
                lines += [""] + hanging("  ", heading.name.visible)
                lines += hanging("    ", heading.details.map(\.text.visible).joined(separator: ", "))
            }
            for row in group.rows {
                lines += line(short.map { row[$0].text.visible })
                for column in long { lines += hanging("    \(table.columns[column].title): ", row[column]) }
            }
        }
        return lines
    }

    /// A command as it can be pasted: a long one is continued on the next line, unless a quoted word has a blank in it.
    private func command(_ text: String) -> [String] {
        guard text.columns > Self.width - 2, !text.contains("'") else { return ["  " + text] }
        let lines = text.lines(of: Self.width - 8)
        return lines.indices.map { index in
            (index == 0 ? "  " : "      ") + lines[index] + (index == lines.count - 1 ? "" : " \\")
        }
    }

    /// A value after a label. One that would have to be broken on the label's line has lines of its own.
    private func hanging(_ label: String, _ value: PaperValue) -> [String] {
        let text = value.text.visible
        switch value {
        case .hex, .raw, .code:
            guard label.columns + text.columns > Self.width else { return [label + text] }
            return [label] + text.lines(of: Self.width - 6).map { "      " + $0 }
        default: return hanging(label, text)
        }
    }

    private func hanging(_ label: String, _ text: String) -> [String] {
        let indent = String(repeating: " ", count: label.columns)
        return text.lines(of: Self.width - label.columns).enumerated().map { ($0 == 0 ? label : indent) + $1 }
    }
}

extension String {
    fileprivate var withoutTrailingBlanks: String { String(reversed().drop { $0 == " " }.reversed()) }
}
