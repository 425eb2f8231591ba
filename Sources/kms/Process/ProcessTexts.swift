import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the process was started with, as bytes. Swift replaces bytes that are not UTF-8 by U+FFFD: two encryption contexts, or two paths,
/// would become one.
enum ProcessTexts {
    /// Refuses arguments, and variables of ours, that are not UTF-8.
    static func check() throws(Failure) {
        for place in 0..<Int(CommandLine.argc) {
            // Unsafe: the C library's own strings, which nobody changes or frees.
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

    /// The environment, for a process of ours that gets all of it.
    ///
    /// - Throws: a ``Failure`` for what is not UTF-8: it would be another text there.
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

    /// False also for a variable whose name is not UTF-8: under its replacement there is none.
    private static func isUTF8(variable name: String) -> Bool {
        // Unsafe: the C library's own string, which nobody changes while there is one thread, and which is only read here.
        guard let bytes = getenv(name) else { return false }
        return isUTF8(bytes)
    }

    private static func isUTF8(_ bytes: UnsafePointer<CChar>) -> Bool { String(validatingCString: bytes) != nil }
}
