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
        Self.write(format, event.level, "\(event.message)", fields(of: event))
    }

    /// Writes a line.
    ///
    /// - Parameter fields: sorted by name.
    static func write(
        _ format: Configuration.LogFormat, _ level: Logger.Level, _ message: String,
        _ fields: [(name: String, value: String)]
    ) {
        let time = SystemWallClock().now.description
        let line =
            switch format {
            case .json: LogLine(json: time, level, message, fields)
            case .text: LogLine(text: time, level, message, fields)
            }
        StandardError.write(line.bytes)
    }

    /// What goes along with an event, sorted by name. Mostly the event has it all.
    private func fields(of event: LogEvent) -> [(name: String, value: String)] {
        var all = event.metadata ?? [:]
        if let provided = metadataProvider?.get() { all.merge(provided) { given, _ in given } }
        if !metadata.isEmpty { all.merge(metadata) { given, _ in given } }
        return all.map { (name: $0.key, value: Self.text(of: $0.value)) }.sorted { $0.name < $1.name }
    }

    private static func text(of value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): text
        default: "\(value)"
        }
    }
}
