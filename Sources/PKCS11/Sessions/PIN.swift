internal import CPKCS11

/// Secret bytes, such as a PIN.
///
/// They are copied once, into memory that nothing else has, and zeroed when the last reference goes. They are not
/// printed, not encoded and not hashed; comparing takes the same time for any two of the same length. What the bytes
/// were copied from is the caller's to zero.
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

    /// In bytes.
    public var count: Int { memory.count }

    /// Lends the bytes to a closure. The pointer is not valid after it, and whatever it copies is its own to zero.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(memory))
    }
}

extension PIN: Equatable {
    /// Constant time for PINs of the same length; the length itself is not kept secret.
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
