/// The length of a data key.
package enum DataKeySpec: Hashable, Sendable {
    /// 32 bytes.
    case aes256
    /// 16 bytes.
    case aes128
    /// Any number of bytes from 1 to 1,024.
    case bytes(UInt16)

    /// The longest data key, in bytes.
    package static let maxLength = 1024

    /// Creates a length.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` unless `count` is 1 to 1,024.
    package init(byteCount count: Int) throws(KMSError) {
        guard (1...Self.maxLength).contains(count) else {
            throw .invalidRequest("a data key has 1 to \(Self.maxLength) bytes, not \(count)")
        }
        self = .bytes(UInt16(count))
    }

    package var byteCount: Int {
        switch self {
        case .aes256: 32
        case .aes128: 16
        case .bytes(let count): Int(count)
        }
    }
}
