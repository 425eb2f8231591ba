import SecretMemory

/// The secret of an access key as its owner keeps it: 40 characters of `A–Z a–z 0–9 + /`, 240 random bits. It has 44 characters
/// if the token wraps multiples of 8 bytes only.
package struct AccessKeySecret: Sendable {
    private let secret: SecretBytes

    /// The possible lengths of a secret, the usual length first.
    static let lengths = [40, 44]

    /// Creates a secret from as many random bytes as it has characters.
    init(randomBytes: SecretBytes) {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        secret = SecretBytes(capacity: randomBytes.count) { buffer in
            randomBytes.withUnsafeBytes { bytes in
                // There are 64 characters: the lower six bits of a byte are as random as the byte.
                for (index, byte) in bytes.enumerated() { buffer[index] = alphabet[Int(byte & 0x3F)] }
            }
            return randomBytes.count
        }
    }

    /// Passes the text to `body`, for its owner.
    package func withText<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try secret.withUnsafeBytes(body)
    }

    /// The key of the first HMAC of Signature Version 4.
    var signingSecret: SecretBytes {
        let prefix = "AWS4".utf8
        return SecretBytes(capacity: prefix.count + secret.count) { buffer in
            for (index, byte) in prefix.enumerated() { buffer[index] = byte }
            secret.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(rebasing: buffer[prefix.count...]).copyMemory(from: $0)
            }
            return prefix.count + secret.count
        }
    }
}
