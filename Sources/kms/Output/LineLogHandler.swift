import FoundationEssentials
import KeyManagement
import Logging

/// Writes one line per event to standard error: JSON for collectors, or text for people.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    var metadataProvider: Logger.MetadataProvider?
    let format: Configuration.LogFormat

    static func logger(_ format: Configuration.LogFormat, _ level: Logger.Level) -> Logger {
        Logger(label: "kms") { _ in LineLogHandler(logLevel: level, format: format) }
    }

    /// Returns the logger of a serving process. Its lines, and those of every library, go through a bounded queue.
    static func servingLogger(_ configuration: Configuration) -> Logger {
        let (format, level) = (configuration.logFormat, configuration.logLevel)
        StandardError.startQueue(limit: configuration.logQueueBytes, format)
        // A library with a logger of its own would write to standard error directly, and block until it is read.
        LoggingSystem.bootstrap { _ in LineLogHandler(logLevel: level, format: format) }
        return logger(format, level)
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
        StandardError.write(line(format, level, message, fields))
    }

    /// Returns the bytes of a line, with the present time.
    static func line(
        _ format: Configuration.LogFormat, _ level: Logger.Level, _ message: String,
        _ fields: [(name: String, value: String)]
    ) -> [UInt8] {
        let time = SystemWallClock().now.description
        return switch format {
        case .json: LogLine(json: time, level, message, fields).bytes
        case .text: LogLine(text: time, level, message, fields).bytes
        }
    }

    /// Returns the metadata of an event, sorted by name. Usually the event carries all of it.
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
