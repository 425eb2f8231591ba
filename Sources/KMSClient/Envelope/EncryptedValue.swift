import Encodings

/// A value that ``EnvelopeEncryption`` encrypted, with the ciphertext of its data key.
///
/// Its bytes are `0x01 | length of the data key's ciphertext (2, big-endian) | that ciphertext | nonce (12) | ciphertext | tag (16)`.
public struct EncryptedValue: Sendable, Hashable {
    static let format: UInt8 = 1
    static let nonceLength = 12
    static let tagLength = 16

    /// The format and the data key's ciphertext, both authenticated.
    let header: [UInt8]
    /// Nonce, ciphertext and tag.
    let box: [UInt8]

    init?(wrappedDataKey: [UInt8], box: [UInt8]) {
        guard let length = UInt16(exactly: wrappedDataKey.count), length > 0 else { return nil }
        header = [Self.format, UInt8(length >> 8), UInt8(truncatingIfNeeded: length)] + wrappedDataKey
        self.box = box
    }

    /// Reads the bytes of a value; returns nil for anything else. Nothing is verified.
    public init?(bytes: [UInt8]) {
        guard bytes.count > 3, bytes[0] == Self.format else { return nil }
        let end = 3 + (Int(bytes[1]) << 8 | Int(bytes[2]))
        guard end > 3, bytes.count >= end + Self.nonceLength + Self.tagLength else { return nil }
        header = Array(bytes[..<end])
        box = Array(bytes[end...])
    }

    /// The bytes to store.
    public var bytes: [UInt8] { header + box }

    /// The ciphertext of the data key.
    var wrappedDataKey: [UInt8] { Array(header[3...]) }
}
