import Foundation

/// The progress messages during measurements.
enum StandardError {
    static func write(_ line: String) { try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8)) }
}
