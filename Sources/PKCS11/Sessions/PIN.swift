internal import CPKCS11

/// Secret bytes, such as a PIN.
///
/// They are copied once, into memory of their own, and zeroed when the last reference is released. They are not printed, encoded
/// or hashed. Comparing takes the same time for any two PINs of the same length. The caller zeroes the bytes from which they were
/// copied.
///
/// `@unchecked Sendable`: the memory is written in `init` and `deinit` only, where no other thread has a reference.
public final class PIN: @unchecked Sendable {
    // Unsafe: allocated in `init`, freed in `deinit`, lent out by `withUnsafeBytes` for the length of a closure.
    private let memory: UnsafeMutableRawBufferPointer

    /// Copies bytes; a PIN is UTF-8 (v2.40 §5.6, C_Login).
    public init(_ bytes: some Collection<UInt8>) {
        memory = .allocate(byteCount: bytes.count, alignment: 1)
        memory.copyBytes(from: bytes)
    }

    deinit {
        cpkcs11_zero(memory.baseAddress, memory.count)
        memory.deallocate()
    }

    /// The length in bytes.
    public var count: Int { memory.count }

    /// Lends the bytes to a closure. The pointer is not valid after it, and the closure must zero its own copies.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(memory))
    }
}

extension PIN: Equatable {
    /// Compares in constant time for PINs of the same length; the length itself is not kept secret.
    public static func == (lhs: PIN, rhs: PIN) -> Bool {
        guard lhs.count == rhs.count else { return false }
        var difference: UInt8 = 0
        for (left, right) in zip(lhs.memory, rhs.memory) { difference |= left ^ right }
        return difference == 0
    }
}

extension PIN: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "redacted" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
