import FoundationEssentials
import KeyManagement
import Logging

/// Writes one line an event to standard error: JSON for collectors, or text for people.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    var metadataProvider: Logger.MetadataProvider?
    let format: Configuration.LogFormat

    static func logger(_ format: Configuration.LogFormat, _ level: Logger.Level) -> Logger {
        Logger(label: "kms") { _ in LineLogHandler(logLevel: level, format: format) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let given = event.metadata { all.merge(given) { _, new in new } }
        let fields = all.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        let time = SystemWallClock().now.description
        switch format {
        case .json: StandardError.write(Self.json(time, event, fields))
        case .text: StandardError.write(Self.text(time, event, fields))
        }
    }

    private static func json(_ time: String, _ event: LogEvent, _ fields: [(String, String)]) -> String {
        let all = [("time", time), ("level", event.level.rawValue), ("message", "\(event.message)")] + fields
        return "{" + all.map { "\(quoted($0.0)):\(quoted($0.1))" }.joined(separator: ",") + "}\n"
    }

    private static func text(_ time: String, _ event: LogEvent, _ fields: [(String, String)]) -> String {
        let tail = fields.map { " \($0.0)=\($0.1.contains(" ") ? quoted($0.1) : escaped($0.1))" }.joined()
        return "\(time) \(event.level.rawValue) \(escaped("\(event.message)"))\(tail)\n"
    }

    private static func quoted(_ text: String) -> String { "\"" + escaped(text) + "\"" }

    /// JSON's escapes (RFC 8259 §7), so that no value can begin a line of its own or end its quotes.
    private static func escaped(_ text: String) -> String {
        // Most texts stay as they are, and there is a line of them for each request.
        guard text.utf8.contains(where: mayBeEscaped) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Whether the byte of UTF-8 is of a scalar that is escaped, or begins one that may be: U+0080 to U+009F begin with C2.
    private static func mayBeEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F || byte == 0xC2
    }
}
