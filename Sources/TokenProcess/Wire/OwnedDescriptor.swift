#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A descriptor that is closed when the last who uses it lets go of it: one that is closed earlier may be another connection's by the time
/// that somebody still writes to it.
final class OwnedDescriptor: Sendable {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Ends what is sent and received through it, at both ends. Whoever writes to it gets an error from now on.
    func hangUp() { shutdown(number, Int32(SHUT_RDWR)) }
}
