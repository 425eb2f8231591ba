internal import Crypto
package import SecretMemory

/// A bearer token as its owner keeps it: `kms_` and 43 characters of base64url, 256 random bits. The store has only its hash.
package struct BearerToken: Sendable {
    private let secret: SecretBytes

    /// The number of characters: 47.
    package static let length = prefix.count + 43
    private static let prefix = "kms_"

    /// Creates a token from 32 random bytes.
    package init(randomBytes: SecretBytes) {
        precondition(randomBytes.count == 32, "a bearer token is made of 256 bits")
        secret = SecretBytes(capacity: Self.length) { buffer in
            randomBytes.withUnsafeBytes { Self.encode($0, into: buffer) }
        }
    }

    /// Reads a token that a caller presented; `nil` if the text cannot be one.
    package init?(presented text: some StringProtocol) {
        let bytes = text.utf8
        guard bytes.count == Self.length, bytes.starts(with: Self.prefix.utf8) else { return nil }
        secret = SecretBytes(copying: bytes)
    }

    /// Passes the text to `body`, for the file that its owner keeps.
    package func withText<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try secret.withUnsafeBytes(body)
    }

    /// SHA-256 of the text. A token has 256 random bits, so a plain hash cannot be searched.
    package var hash: CredentialHash {
        CredentialHash(digest: secret.withUnsafeBytes { SHA256.hash(data: $0) })
    }

    /// Encodes as base64url without padding (RFC 4648 §5), without leaving copies that are not erased.
    private static func encode(_ bytes: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var position = 0
        for character in prefix.utf8 {
            buffer[position] = character
            position += 1
        }
        var bits: UInt32 = 0
        var bitCount = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                buffer[position] = alphabet[Int(bits >> UInt32(bitCount) & 0x3F)]
                position += 1
            }
        }
        buffer[position] = alphabet[Int(bits << UInt32(6 - bitCount) & 0x3F)]
        return position + 1
    }
}

/// SHA-256 of a bearer token, which is all that the store knows of it.
package struct CredentialHash: Hashable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    package static let byteCount = 32

    /// Creates a hash from 32 bytes.
    package init(bytes: [UInt8]) {
        precondition(bytes.count == Self.byteCount, "a hash of SHA-256 has 32 bytes")
        words = bytes.withUnsafeBytes { $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self) }
    }

    init(digest: SHA256.Digest) {
        words = digest.withUnsafeBytes { $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self) }
    }

    package var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }

    /// Compares in constant time, although hashes are not secret.
    package static func == (lhs: CredentialHash, rhs: CredentialHash) -> Bool {
        let (left, right) = (lhs.words, rhs.words)
        return (left.0 ^ right.0) | (left.1 ^ right.1) | (left.2 ^ right.2) | (left.3 ^ right.3) == 0
    }

    /// Hashes one quarter, which is as random as the whole.
    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
