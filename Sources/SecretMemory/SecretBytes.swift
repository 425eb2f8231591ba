internal import Glibc
internal import LibCrypto

/// Bytes that must stay secret, such as a data key or a plaintext.
///
/// They are in one allocation that is overwritten with zeros when the last reference is released. They print as redacted,
/// cannot be encoded, are compared in constant time, and can only be read inside a closure.
public final class SecretBytes: @unchecked Sendable {
    // Sendable: only the initialisers write the memory, before any other reference exists. It is freed by deinit, after all
    // references are released.
    private let memory: UnsafeMutableRawBufferPointer
    public let count: Int

    /// Allocates `capacity` bytes and lets `fill` write them; `fill` returns the number of bytes written.
    public init<Failure: Error>(
        capacity: Int, filling fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        // Owned by self, freed in deinit. An allocation of 0 bytes is legal and never read.
        memory = .allocate(byteCount: capacity, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        do {
            count = try fill(memory)
        } catch {
            Self.erase(memory)
            throw error
        }
        precondition(count <= capacity, "more secret bytes than there is room for")
    }

    /// Copies `bytes`. The caller remains responsible for erasing its own copy.
    public convenience init(copying bytes: some Collection<UInt8>) {
        self.init(capacity: bytes.count) { buffer in
            buffer.copyBytes(from: bytes)
            return bytes.count
        }
    }

    deinit {
        Self.erase(memory)
    }

    private static func erase(_ memory: UnsafeMutableRawBufferPointer) {
        if let start = memory.baseAddress { explicit_bzero(start, memory.count) }
        memory.deallocate()
    }

    /// Passes the bytes to `body`. The pointer is invalid after it returns.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(rebasing: memory[..<count]))
    }
}

extension SecretBytes: Equatable {
    /// Compares in a time that depends on the lengths only.
    public static func == (lhs: SecretBytes, rhs: SecretBytes) -> Bool {
        lhs.withUnsafeBytes { left in
            rhs.withUnsafeBytes { right in ConstantTime.isEqual(left, right) }
        }
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<\(count) secret bytes>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
