import KeyManagement

/// A readable rendering of a report, made from nothing but the report.
enum CustodyRendering: CaseIterable {
    case text
    case html

    /// Returns the path of the rendering, beside the report.
    func path(of report: String) -> String {
        switch self {
        case .text: report + ".txt"
        case .html: report + ".html"
        }
    }

    func text(of report: CustodyReport) -> String {
        switch self {
        case .text: CustodyText(report).text
        case .html: CustodyPage(report).text
        }
    }
}

extension CustodyReport {
    /// The rows at the head of the report.
    var head: [(name: String, value: String)] {
        [
            ("made", madeAt), ("for", madeFor), ("token", "\(token.label), serial number \(token.serialNumber)"),
            (
                "device",
                "\(token.manufacturer) \(token.model), firmware \(token.firmwareVersion), hardware \(token.hardwareVersion)"
            ),
            (
                "module",
                "\(token.module), \(token.moduleDescription) \(token.moduleVersion), PKCS #11 \(token.cryptokiVersion)"
            ),
            ("module SHA-256", token.moduleSHA256 ?? "not named by a path"), ("audit key SHA-256", auditKeySHA256),
            ("keys", "\(keys.count), with \(versionsExamined) versions that have material"),
        ]
    }

    /// The token's attributes of a key, or of versions that are alike, and the operations that the token refused.
    struct Section {
        let title: String
        /// Names and values, sorted.
        let facts: [(name: String, value: String)]
        let trials: [KeyExamination.Trial]

        init(_ title: String, _ attributes: [String: String], _ mechanisms: [String], _ trials: [KeyExamination.Trial])
        {
            self.title = title
            facts =
                attributes.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) } + [
                    (
                        name: "allowed mechanisms",
                        value: mechanisms.isEmpty ? "not limited by the token" : mechanisms.joined(separator: ", ")
                    )
                ]
            self.trials = trials
        }
    }

    var sections: [Section] {
        rootKeys.map { Section($0.key, $0.attributes, $0.allowedMechanisms, $0.trials) }
            + profiles.map {
                Section(
                    "Profile \($0.number): versions of \($0.algorithm), \($0.usage)", $0.attributes,
                    $0.allowedMechanisms, $0.trials)
            }
    }

    /// One row per version.
    var rows: [[String]] {
        keys.flatMap { key in
            key.versions.map { version in
                [
                    key.project, key.name, "\(version.version)", key.algorithm, version.state,
                    version.epoch.map { "\($0)" } ?? "-", version.profile.map { "\($0)" } ?? "-",
                    version.checkValue ?? "-", version.blobSHA256,
                ]
            }
        }
    }

    static let columns = [
        "project", "key", "version", "algorithm", "state", "epoch", "profile", "check value",
        "SHA-256 of the wrapped key",
    ]
}

/// The rendering as plain text.
private struct CustodyText {
    let report: CustodyReport

    init(_ report: CustodyReport) { self.report = report }

    var text: String {
        var lines = ["CUSTODY REPORT", ""]
        lines += report.head.map { $0.name.padded(20) + $0.value }
        lines += ["", report.findings.isEmpty ? "NO FINDINGS" : "FINDINGS"] + report.findings.map { "  \($0)" }
        lines += ["", "ROOT EPOCHS"]
        lines += report.roots.map { root in
            "  \(root.epoch)".padded(6) + (root.isLatest ? "latest " : "")
                + (root.isInToken ? "in the token" : "not in the token")
                + ", \(root.wrappedKeys) keys, \(root.sealedRecords) records"
                + (root.madeAt.map { ", made \($0)" } ?? "")
                + (root.destroyedAt.map { ", destroyed \($0)" } ?? "")
        }
        for section in report.sections {
            lines += ["", section.title.uppercased()]
            lines += section.facts.map { "  " + $0.name.padded(28) + $0.value }
            lines += section.trials.map {
                "  " + $0.attempt.padded(28) + $0.outcome + ($0.code.map { ", \($0)" } ?? "")
            }
        }
        lines += ["", "VERSIONS", "  " + CustodyReport.columns.joined(separator: ", ")]
        lines += report.rows.map { "  " + $0.joined(separator: ", ") }
        lines += ["", "WHAT THIS SAYS, AND WHAT IT DOES NOT"] + report.statements.map { "  - \($0)" }
        lines += ["", "CHECKPOINTS OF THE AUDIT LOG"] + report.checkpoints.map { "  \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// The rendering as one HTML page, without scripts and external resources.
private struct CustodyPage {
    let report: CustodyReport

    init(_ report: CustodyReport) { self.report = report }

    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Custody report, \(escaped(report.madeAt))</title>
        <style>
        body { font: 10pt/1.4 sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em; }
        table { border-collapse: collapse; width: 100%; margin: 0.5em 0 1.5em; }
        th, td { border-bottom: 1px solid #bbb; padding: 0.15em 0.5em; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
        code, td.code { font: 8.5pt monospace; }
        .bad { color: #b00; font-weight: bold; }
        h2 { break-after: avoid; } tr { break-inside: avoid; }
        @page { margin: 15mm; size: A4; }
        @media print { body { margin: 0; max-width: none; } }
        </style></head><body>
        <h1>Custody report</h1>
        \(table(report.head.map { [$0.name, $0.value] }))
        \(findings)
        <h2>Root epochs</h2>
        \(table(roots, head: ["epoch", "latest", "in the token", "keys", "records", "made", "destroyed"]))
        \(report.sections.map(html).joined(separator: "\n"))
        <h2>Versions</h2>
        \(table(report.rows, head: CustodyReport.columns))
        <h2>What this says, and what it does not</h2>
        <ul>\(report.statements.map { "<li>\(escaped($0))</li>" }.joined(separator: "\n"))</ul>
        <h2>Checkpoints of the audit log</h2>
        <p>\(report.checkpoints.isEmpty ? "There are none." : report.checkpoints.map { "<code>\(escaped($0))</code>" }.joined(separator: "<br>\n"))</p>
        </body></html>

        """
    }

    private func html(_ section: CustodyReport.Section) -> String {
        "<h2>\(escaped(section.title))</h2>\n"
            + table(section.facts.map { [$0.name, $0.value] }, head: ["attribute", "the token says"])
            + table(
                section.trials.map { [$0.attempt, $0.outcome, $0.code ?? "-"] }, head: ["attempt", "outcome", "code"])
    }

    private var findings: String {
        guard !report.findings.isEmpty else { return "<p>No findings: all is as it has to be.</p>" }
        return "<h2 class=\"bad\">Findings</h2>\n<ul>"
            + report.findings.map { "<li class=\"bad\">\(escaped($0))</li>" }.joined(separator: "\n") + "</ul>"
    }

    private var roots: [[String]] {
        report.roots.map { root in
            [
                "\(root.epoch)", root.isLatest ? "yes" : "no", root.isInToken ? "yes" : "no", "\(root.wrappedKeys)",
                "\(root.sealedRecords)", root.madeAt ?? "-", root.destroyedAt ?? "-",
            ]
        }
    }

    private func table(_ rows: [[String]], head: [String] = []) -> String {
        let heading = head.isEmpty ? "" : "<tr>" + head.map { "<th>\(escaped($0))</th>" }.joined() + "</tr>\n"
        let body = rows.map { row in
            "<tr>" + row.map { "<td\($0 == "NOT REFUSED" ? " class=\"bad\"" : "")>\(escaped($0))</td>" }.joined()
                + "</tr>"
        }
        return "<table>\n" + heading + body.joined(separator: "\n") + "\n</table>\n"
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}

extension KeyExamination.Trial {
    fileprivate var outcome: String { isRefused ? "refused" : "NOT REFUSED" }
}

extension String {
    fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
