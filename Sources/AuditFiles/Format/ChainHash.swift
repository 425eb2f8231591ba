internal import Crypto
internal import Encodings
internal import KeyManagement

/// The SHA-256 of a line, without its line feed.
package struct ChainHash: Hashable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    package static let byteCount = 32

    /// The previous hash in the first line of a chain.
    static let none = ChainHash(words: (0, 0, 0, 0))

    private init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// Hashes these bytes.
    init(of line: UnsafeRawBufferPointer) {
        words = SHA256.hash(data: line).withUnsafeBytes { $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self) }
    }

    init(of line: [UInt8]) {
        self = line.withUnsafeBytes { ChainHash(of: $0) }
    }

    /// Takes exactly 32 bytes; returns nil for any other number.
    init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        words = bytes.withUnsafeBytes { $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self) }
    }

    /// Runs `body` with the 32 bytes.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: words) { body($0) }
    }

    package var bytes: [UInt8] { withBytes { Array($0) } }

    package static func == (lhs: ChainHash, rhs: ChainHash) -> Bool { lhs.words == rhs.words }

    package func hash(into hasher: inout Hasher) { withBytes { hasher.combine(bytes: $0) } }
}

extension ChainHash: CustomStringConvertible {
    /// The hash as 64 hexadecimal digits in lower case.
    package var description: String { Hexadecimal.text(bytes) }
}
