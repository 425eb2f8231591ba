import Foundation

/// What is told while measuring goes on.
enum StandardError {
    static func write(_ line: String) { try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8)) }
}
