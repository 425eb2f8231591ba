internal import Glibc

/// The bytes in transit between the two processes. They may be secret, so all memory that they leave is overwritten with zeros.
///
/// Its owner synchronises access; two threads must not use it at a time.
final class WireBuffer: @unchecked Sendable {
    // Sendable: owned by one `Outbox`'s lock or by one reading thread at a time. The memory is allocated here and freed by deinit.
    private(set) var memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(capacity: Int) {
        memory = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        erase()
        memory.deallocate()
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

    /// Returns the free space after the bytes, at least as large as requested.
    func room(atLeast need: Int) -> UnsafeMutableRawBufferPointer {
        grow(by: need)
        return UnsafeMutableRawBufferPointer(rebasing: memory[count...])
    }

    /// Records that `written` bytes were written into ``room(atLeast:)``.
    func advance(by written: Int) { count += written }

    func append(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        room(atLeast: bytes.count).copyMemory(from: bytes)
        count += bytes.count
    }

    func append(_ byte: UInt8) {
        grow(by: 1)
        memory[count] = byte
        count += 1
    }

    /// Appends a number, big-endian.
    func append(_ number: UInt32) {
        grow(by: 4)
        memory.storeBytes(of: number.bigEndian, toByteOffset: count, as: UInt32.self)
        count += 4
    }

    func append(_ number: UInt64) {
        grow(by: 8)
        memory.storeBytes(of: number.bigEndian, toByteOffset: count, as: UInt64.self)
        count += 8
    }

    /// Overwrites four existing bytes.
    func put(_ number: UInt32, at offset: Int) {
        memory.storeBytes(of: number.bigEndian, toByteOffset: offset, as: UInt32.self)
    }

    /// Removes the first bytes and moves the rest to the front.
    func dropFirst(_ done: Int) {
        guard done > 0, let start = memory.baseAddress else { return }
        memmove(start, start + done, count - done)
        explicit_bzero(start + (count - done), done)
        count -= done
    }

    func removeAll() {
        erase()
        count = 0
    }

    private func grow(by need: Int) {
        guard count + need > memory.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(count + need, 2 * memory.count), alignment: 16)
        larger.copyMemory(from: bytes)
        erase()
        memory.deallocate()
        memory = larger
    }

    private func erase() {
        if let start = memory.baseAddress { explicit_bzero(start, count) }
    }
}
