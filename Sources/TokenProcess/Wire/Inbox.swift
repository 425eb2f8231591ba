internal import Glibc

/// Reads frames from the other process, on the calling thread.
struct Inbox: ~Copyable {
    private let socket: OwnedDescriptor
    private let buffer = WireBuffer(capacity: 1 << 18)
    private let maxLength: Int

    /// - Parameters:
    ///   - socket: the socket that frames arrive on.
    ///   - maxLength: of a frame, in bytes; longer ones are rejected.
    init(_ socket: OwnedDescriptor, maxLength: Int = Frame.maxLength) {
        self.socket = socket
        self.maxLength = maxLength
    }

    /// Passes each frame to `body`, until the other end is gone or `body` returns false. The reader is valid only in `body`.
    func read(
        _ body: (_ id: UInt64, _ kind: UInt8, _ reader: inout WireReader) throws(WireError) -> Bool
    ) throws(WireError) {
        while true {
            guard try handOver(body) else { return }
            let room = buffer.room(atLeast: 1 << 16)
            let got = recv(socket.number, room.baseAddress, room.count, 0)
            if got > 0 {
                buffer.advance(by: got)
            } else if got == 0 || errno != EINTR {
                return
            }
        }
    }

    private func handOver(
        _ body: (UInt64, UInt8, inout WireReader) throws(WireError) -> Bool
    ) throws(WireError) -> Bool {
        var done = 0
        defer { buffer.dropFirst(done) }
        while true {
            let rest = UnsafeRawBufferPointer(rebasing: buffer.bytes[done...])
            guard let length = try Frame.length(of: rest, atMost: maxLength) else { return true }
            var reader = WireReader(UnsafeRawBufferPointer(rebasing: rest[Frame.headerLength..<length]))
            let (id, kind) = (try reader.longNumber(), try reader.byte())
            done += length
            guard try body(id, kind, &reader) else { return false }
        }
    }
}
