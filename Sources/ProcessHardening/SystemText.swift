#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The system's text for an error.
enum SystemText {
    static func of(_ error: Int32) -> String { String(cString: strerror(error)) }

    static let isMissing = ENOSYS
}
