package import KeyManagement

/// Formats an operation in ArcSight's Common Event Format, `CEF:0`, with the names of its extension dictionary.
package enum CEFEvent {
    /// Returns one line, without a line feed.
    package static func text(_ line: AuditLine, _ entry: AuditEntry, productVersion: String) -> String {
        let header = [
            "CEF:0", "hsm-kms", "hsm-kms", productVersion, entry.verb, "\(entry.verb) \(entry.outcome.rawValue)",
            "\(severity(of: entry.outcome))",
        ]
        var fields: [(String, String)] = [
            ("rt", "\(entry.time.milliseconds)"), ("externalId", "\(line.number)"), ("act", entry.verb),
            ("outcome", entry.outcome.rawValue), ("reason", entry.code), ("msg", entry.reason),
        ]
        if let subject = entry.subject { fields.append(("suser", subject.text)) }
        if let source = entry.source { fields.append((source.contains(":") ? "c6a2" : "src", source)) }
        if let source = entry.source, source.contains(":") { fields.append(("c6a2Label", "Source IPv6 Address")) }
        let custom: [(label: String, value: String?)] = [
            ("requestId", entry.requestID), ("key", entry.key?.description), ("keyVersion", entry.version?.description),
            ("project", entry.project?.text), ("authentication", entry.authentication),
            ("hash", ChainHash(of: line.bytes).description),
        ]
        for (index, field) in custom.enumerated() {
            guard let value = field.value else { continue }
            fields += [("cs\(index + 1)", value), ("cs\(index + 1)Label", field.label)]
        }
        return header.map { escaped($0, "|") }.joined(separator: "|") + "|"
            + fields.map { "\($0.0)=\(escaped($0.1, "="))" }.joined(separator: " ")
    }

    /// Returns the severity, from 0 to 10.
    private static func severity(of outcome: AuditEntry.Outcome) -> Int {
        switch outcome {
        case .intended, .succeeded: 3
        case .failed: 5
        case .denied: 7
        }
    }

    /// Escapes `|` and `\` in the header, `=` and `\` in the extension. A line feed becomes a blank in a header field, and `\n` in the
    /// extension.
    private static func escaped(_ text: String, _ mark: Unicode.Scalar) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", mark: result += "\\" + String(scalar)
            case "\n", "\r", "\u{2028}", "\u{2029}", "\u{85}":
                result += mark == "=" ? (scalar == "\r" ? "\\r" : "\\n") : " "
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
