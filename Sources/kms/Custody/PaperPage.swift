import Encodings

/// A ``Paper`` as one HTML page that prints on A4, without scripts and external resources.
struct PaperPage {
    private let paper: Paper
    private let sha256: String

    init(_ paper: Paper, sha256: String) {
        self.paper = paper
        self.sha256 = sha256
    }

    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>\(escaped("\(paper.title), \(paper.subject)"))</title>
        <style>
        \(PaperStyle.sheet(title: paper.title, subject: paper.subject, sha256: sha256))
        </style>
        </head>
        <body>
        <header><h1>\(escaped(paper.title))</h1><p>\(name(paper.subject))</p></header>
        \(paper.notice.map { "<p class=\"notice\">\(escaped($0))</p>\n" } ?? "")\(verdict)
        \(findings)\(paper.parts.map(html).joined(separator: "\n"))
        </body>
        </html>

        """
    }

    private var verdict: String {
        let rows = paper.checks.map { check in
            "<tr><td class=\"\(check.isPassed ? "good\">✓ pass" : "bad\">✗ fail")</td><td>\(escaped(check.what))</td>"
                + "<td>\(escaped(check.result))</td></tr>"
        }
        return """
            <section class="verdict \(paper.isPassed ? "pass" : "fail")">
            <p>\(escaped(paper.verdict))</p>
            <table>
            <colgroup><col style="width:16mm"><col style="width:64mm"><col></colgroup>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            </section>
            """
    }

    private var findings: String {
        guard !paper.findings.isEmpty else { return "" }
        return "<section>\n<h2>Findings</h2>\n<ul>\n"
            + paper.findings.map { "<li class=\"bad\">\(name($0))</li>\n" }.joined() + "</ul>\n</section>\n"
    }

    private func html(_ part: PaperPart) -> String {
        "<section\(part.isShort ? " class=\"keep\"" : "")>\n<h2>\(name(part.title))</h2>\n"
            + part.blocks.map(html).joined(separator: "\n") + "\n</section>"
    }

    private func html(_ block: PaperBlock) -> String {
        switch block {
        case .paragraph(let text): "<p>\(name(text))</p>"
        case .list(let items): "<ul>\n" + items.map { "<li>\(name($0))</li>\n" }.joined() + "</ul>"
        case .facts(let facts):
            """
            <table class="facts">
            <colgroup><col style="width:46mm"><col></colgroup>
            <tbody>
            \(facts.map { "<tr><th scope=\"row\">\(escaped($0.name))</th><td>\(html($0.value))</td></tr>" }.joined(separator: "\n"))
            </tbody>
            </table>
            """
        case .commands(let commands): "<pre>" + commands.map(escaped).joined(separator: "\n") + "</pre>"
        case .signatures(let roles):
            """
            <table class="signatures">
            <colgroup><col style="width:40mm"><col style="width:50mm"><col style="width:3mm"><col style="width:26mm"><col style="width:3mm"><col></colgroup>
            <tbody>
            \(roles.map { "<tr><th scope=\"row\">\(name($0))</th><td></td><td class=\"gap\"></td><td></td><td class=\"gap\"></td><td></td></tr>" }.joined(separator: "\n"))
            <tr class="labels"><td class="gap"></td><td>Name</td><td class="gap"></td><td>Date</td><td class="gap"></td><td>Signature</td></tr>
            </tbody>
            </table>
            """
        case .table(let table): html(table)
        }
    }

    private func html(_ table: PaperTable) -> String {
        let columns = table.columns.map { "<col style=\"width:\($0.width)mm\">" }.joined()
        let titles = table.columns.map { "<th scope=\"col\">\(escaped($0.title))</th>" }.joined()
        let groups = table.groups.map { group in
            let heading = group.heading.map { heading in
                "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"\(table.columns.count)\">\(name(heading.name))"
                    + "<small>\(heading.details.map(html).joined(separator: " · "))</small></th></tr>\n"
            }
            let rows = group.rows.map { row in
                "<tr>" + row.map { "<td>\(html($0))</td>" }.joined() + "</tr>"
            }
            // A long group is divided between pages; a short one is not.
            let isShort = group.heading != nil && group.rows.count <= 6
            return "<tbody\(isShort ? " class=\"short\"" : "")>\n" + (heading ?? "") + rows.joined(separator: "\n")
                + "\n</tbody>"
        }
        return """
            <table>
            <colgroup>\(columns)</colgroup>
            <thead><tr>\(titles)</tr></thead>
            \(groups.joined(separator: "\n"))
            </table>
            """
    }

    private func html(_ value: PaperValue) -> String {
        switch value {
        case .text(let text): return escaped(text)
        case .time: return escaped(value.text)
        case .name(let text): return name(text)
        case .code(let text): return "<code class=\"\(text.utf8.count <= 48 ? "id" : "raw")\">\(escaped(text))</code>"
        case .bad(let text): return "<strong class=\"bad\">\(escaped(text))</strong>"
        case .raw(let text):
            // The members of a JSON object are sensible places too.
            return "<code class=\"raw\">\(escaped(text).replacing(",&quot;", with: ",<wbr>&quot;"))</code>"
        case .hex(let text): return hex(text)
        }
    }

    private func hex(_ text: String) -> String {
        var rest = text[...]
        var groups: [String] = []
        while !rest.isEmpty {
            groups.append("<span>\(escaped(String(rest.prefix(8))))</span>")
            rest = rest.dropFirst(8)
        }
        return "<code class=\"hex\">\(groups.joined(separator: "<wbr>"))</code>"
    }

    /// Text whose direction of writing does not concern the text around it. Paths and digests in it have places for line breaks.
    private func name(_ text: String) -> String {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            let isDigest = word.utf8.count >= 32 && word.utf8.allSatisfy { Hexadecimal.value(of: $0) != nil }
            if isDigest { return hex(String(word)) }
            return escaped(String(word.prefix(1))) + escaped(String(word.dropFirst())).replacing("/", with: "/<wbr>")
        }
        return "<bdi>\(words.joined(separator: " "))</bdi>"
    }

    private func escaped(_ text: String) -> String {
        // A mark that combines makes another Character of "<", and it is still "<" for a browser, so scalars are compared.
        text.visible.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            default: String(scalar)
            }
        }.joined()
    }
}
