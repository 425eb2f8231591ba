internal import Glibc

/// A pause of a dedicated thread. Tasks of the cooperative pool must not use it.
enum Pause {
    static func milliseconds(_ count: UInt32) { usleep(count * 1000) }
}
