internal import Encodings
internal import KeyManagement
internal import LibCrypto
package import SecretMemory

/// Base64 (RFC 4648 §4, padded) from and to secret memory, without an intermediate string.
package enum Base64 {
    /// Decodes strictly: no space, correct padding, no stray bits in front of it. Returns nil otherwise.
    package static func decode(_ text: UnsafeRawBufferPointer) -> SecretBytes? {
        do throws(NotBase64) {
            return try SecretBytes(capacity: text.count / 4 * 3) { (output) throws(NotBase64) in
                guard let count = Base64Codec.decode(text, into: output) else { throw NotBase64() }
                return count
            }
        } catch {
            return nil
        }
    }

    /// Returns the length of the text for `byteCount` bytes.
    package static func length(ofEncoded byteCount: Int) -> Int { Base64Codec.length(ofEncoded: byteCount) }

    private struct NotBase64: Error {}
}
