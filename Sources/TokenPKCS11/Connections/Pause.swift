#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A pause of a thread of our own; no task of the cooperative pool may make one.
enum Pause {
    static func milliseconds(_ count: UInt32) { usleep(count * 1000) }
}
