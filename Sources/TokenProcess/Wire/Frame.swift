/// The frames of the protocol: `length (4) | id (8) | kind (1) | body`, with big-endian numbers. The length excludes its own 4
/// bytes.
///
/// Both ends are the same binary, so only the compiled-in version exists.
enum Frame {
    static let headerLength = 4
    /// The length of the id and the kind.
    static let minLength = 9
    /// The maximum length in bytes. Longer frames are rejected. A batch of 1,000 items of 64 KiB and its answers fit.
    static let maxLength = 96 << 20

    /// The kinds of requests of the service.
    enum Request: Hashable {
        /// Opens the token.
        case start
        /// Is answered without the token.
        case ping
        case call(CallTag)

        init?(rawValue: UInt8) {
            switch rawValue {
            case 1: self = .start
            case 2: self = .ping
            default:
                guard let tag = CallTag(rawValue: rawValue) else { return nil }
                self = .call(tag)
            }
        }

        var rawValue: UInt8 {
            switch self {
            case .start: 1
            case .ping: 2
            case .call(let tag): tag.rawValue
            }
        }
    }

    /// The kinds of answers of the token's process.
    enum Answer: UInt8 {
        case done = 0
        case busy, unavailable, rejected, unwrapFailed, unsupported, failed
    }

    /// Appends a frame to a buffer.
    static func append(to buffer: WireBuffer, id: UInt64, kind: UInt8, _ body: (inout WireWriter) -> Void) {
        let start = buffer.count
        buffer.append(UInt32(0))
        buffer.append(id)
        buffer.append(kind)
        var writer = WireWriter(buffer)
        body(&writer)
        buffer.put(UInt32(truncatingIfNeeded: buffer.count - start - headerLength), at: start)
    }

    /// Returns the length of the first frame, including its header; `nil` if the frame is incomplete.
    static func length(of bytes: UnsafeRawBufferPointer, atMost maxLength: Int) throws(WireError) -> Int? {
        guard bytes.count >= headerLength else { return nil }
        let length = Int(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
        guard (minLength...maxLength).contains(length) else { throw WireError("a frame of \(length) bytes") }
        return bytes.count >= headerLength + length ? headerLength + length : nil
    }
}
