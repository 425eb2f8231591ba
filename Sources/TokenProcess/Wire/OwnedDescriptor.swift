internal import Glibc

/// A descriptor that is closed when its last user releases it. If it were closed earlier, its number could belong to another
/// connection while a user still writes to it.
final class OwnedDescriptor: Sendable {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Ends sending and receiving on it, at both ends. Later writes fail.
    func hangUp() { shutdown(number, Int32(SHUT_RDWR)) }
}
