internal import Glibc

/// The system's text for an error.
enum SystemText {
    static func of(_ error: Int32) -> String { String(cString: strerror(error)) }

    static let isMissing = ENOSYS
}
