import FoundationEssentials
import Glibc

/// The arguments and the environment of the process, as bytes. Swift replaces bytes that are not UTF-8 by U+FFFD, so two encryption
/// contexts, or two paths, could become one.
enum ProcessTexts {
    /// Refuses arguments, and the service's own variables, that are not UTF-8.
    static func check() throws(Failure) {
        for place in 0..<Int(CommandLine.argc) {
            // Unsafe: the C library's own strings, which are never changed or freed.
            guard let bytes = CommandLine.unsafeArgv[place] else { continue }
            guard isUTF8(bytes) else {
                throw Failure(
                    .input,
                    "argument \(place) is not UTF-8: '\(CommandLine.arguments[place])'; write it in UTF-8, or rename the file"
                )
            }
        }
        for name in ProcessInfo.processInfo.environment.keys where name.hasPrefix("KMS_") && !isUTF8(variable: name) {
            throw Failure(.configuration, "the variable \(name) is not UTF-8")
        }
    }

    /// Returns the environment, for a child process that inherits all of it.
    ///
    /// - Throws: a ``Failure`` for a variable that is not UTF-8, because the child would get another text.
    static func environment() throws(Failure) -> [String: String] {
        let environment = ProcessInfo.processInfo.environment
        for name in environment.keys where !isUTF8(variable: name) {
            throw Failure(
                .configuration,
                "the variable \(name) is not UTF-8, so the token's process cannot be given it; unset it, or write it in UTF-8"
            )
        }
        return environment
    }

    /// Returns true if a variable's value is UTF-8. Returns false also if its name is not, because no variable exists under the replaced
    /// name.
    private static func isUTF8(variable name: String) -> Bool {
        // Unsafe: the C library's own string, only read here, and unchanged while the process has one thread.
        guard let bytes = getenv(name) else { return false }
        return isUTF8(bytes)
    }

    private static func isUTF8(_ bytes: UnsafePointer<CChar>) -> Bool { String(validatingCString: bytes) != nil }
}
