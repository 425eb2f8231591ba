/// The style sheet of printed documents.
enum PaperStyle {
    /// - Parameters:
    ///   - title: printed at the head of each page after the first, with `subject`.
    ///   - sha256: printed at the foot of each page, so that every page names the file that it was made from.
    static func sheet(title: String, subject: String, sha256: String) -> String {
        """
        @page {
            size: A4;
            margin: 20mm 18mm 20mm 18mm;
            @top-left { content: \(quoted(title)); font: 7.5pt \(sans); color: #555; }
            @top-right { content: \(quoted(subject)); font: 7.5pt \(sans); color: #555; }
            @bottom-left { content: "SHA-256 " \(quoted(sha256)); font: 6.5pt \(mono); color: #555; white-space: nowrap; }
            @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 7.5pt \(sans); color: #555; white-space: nowrap; }
        }
        @page :first { @top-left { content: none; } @top-right { content: none; } }
        :root { color-scheme: light; }
        * { box-sizing: border-box; }
        body { font: 9.5pt/1.4 \(sans); color: #111; background: #fff; margin: 0 auto; max-width: 174mm; }
        @media screen { body { padding: 10mm 0; } }
        header { border-bottom: 0.6pt solid #111; margin-bottom: 5mm; }
        h1 { font-size: 19pt; font-weight: 600; line-height: 1.2; margin: 0; }
        header p { color: #444; margin: 0.5mm 0 2.5mm; overflow-wrap: break-word; }
        h2 { font-size: 12pt; font-weight: 600; margin: 7mm 0 2mm; break-after: avoid; overflow-wrap: break-word; }
        p { margin: 0 0 2.5mm; orphans: 3; widows: 3; }
        ul { margin: 0; padding-left: 5mm; }
        li { margin-bottom: 1.2mm; break-inside: avoid; overflow-wrap: break-word; }
        .notice { border: 1pt solid #111; font-weight: 600; padding: 2mm 4mm; text-align: center; }
        .verdict { border: 1.5pt solid #176d2c; border-left-width: 6pt; padding: 3mm 5mm 2mm; break-inside: avoid; }
        .verdict.fail { border-color: #a4161a; }
        .verdict p { color: #176d2c; font-size: 14pt; font-weight: 700; line-height: 1.25; margin-bottom: 1.5mm; }
        .verdict.fail p { color: #a4161a; }
        .good { color: #176d2c; font-weight: 600; }
        .bad { color: #a4161a; font-weight: 700; }
        table { border-collapse: collapse; font-size: 8.5pt; line-height: 1.35; table-layout: fixed; width: 100%; }
        table + table, p + table { margin-top: 2mm; }
        thead { display: table-header-group; }
        tr { break-inside: avoid; }
        tbody.short { break-inside: avoid; }
        th, td { border-bottom: 0.4pt solid #c4c4c4; overflow-wrap: break-word; padding: 0.9mm 2mm 0.9mm 0; text-align: left; vertical-align: top; }
        th { font-weight: 600; }
        thead th { border-bottom: 0.8pt solid #111; color: #444; font-size: 7.5pt; vertical-align: bottom; }
        .facts th { color: #444; font-weight: 400; }
        .verdict td:first-child { white-space: nowrap; }
        .verdict tr:last-child td { border-bottom: none; }
        .group { break-after: avoid; }
        .group th { border-bottom: none; font-size: 9.5pt; padding-top: 3mm; }
        .group small { color: #444; display: block; font-size: 8pt; font-weight: 400; overflow-wrap: break-word; }
        code, pre { font-family: \(mono); font-size: 0.88em; }
        code.hex { font-size: 6.5pt; line-height: 1.3; overflow-wrap: anywhere; }
        code.hex span { display: inline-block; margin-right: 0.35em; }
        code.id { white-space: nowrap; }
        code.raw { display: block; font-size: 6.8pt; line-height: 1.3; overflow-wrap: anywhere; }
        pre { background: #f5f5f3; break-inside: avoid; margin: 3mm 0; overflow-wrap: anywhere; padding: 2mm 3mm; white-space: pre-wrap; }
        .keep { break-inside: avoid; }
        .signatures tbody th { font-weight: 400; height: 14mm; vertical-align: bottom; }
        .signatures tbody th { border-bottom: none; }
        .signatures td { border-bottom: 0.6pt solid #111; }
        .signatures .labels td { border-bottom: none; color: #444; font-size: 7.5pt; padding-top: 0.5mm; }
        .signatures td.gap { border-bottom: none; padding: 0; }
        """
    }

    private static let sans =
        "\"Helvetica Neue\", Arial, \"Liberation Sans\", \"Noto Sans\", \"DejaVu Sans\", sans-serif"
    private static let mono = "\"Liberation Mono\", \"Noto Sans Mono\", \"DejaVu Sans Mono\", monospace"

    /// A string of CSS: everything but plain letters, digits and a few marks is escaped, so that no text ends the string or the sheet.
    private static func quoted(_ text: String) -> String {
        let content = text.visible.unicodeScalars.map { scalar in
            let isPlain =
                scalar.isASCII && (scalar.properties.isAlphabetic || " 0123456789.,:-_".unicodeScalars.contains(scalar))
            return isPlain ? String(scalar) : "\\" + String(scalar.value, radix: 16) + " "
        }
        return "\"" + content.joined() + "\""
    }
}
