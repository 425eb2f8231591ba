import JSONText
import KeyManagement

/// The endpoints of encryption and decryption.
///
/// A plaintext is held in `SecretBytes` from the body's buffer to the answer's buffer. The two buffers, and their copies in NIO and the
/// kernel, are not zeroed.
extension EndpointGroup {
    static let cryptography = EndpointGroup(
        "cryptography", "Encryption, decryption and data keys.",
        [.issueDataKey, .issueDataKeyPair, .encrypt, .decryptUnderKey, .reEncrypt, .decrypt, .random])
}

extension Schema {
    static let context = Schema.pairs(of: .text, names: Schema(["minLength": 1], example: "purpose"))
        .described("The encryption context. Decryption requires the same one. At most 8 KiB.")
    static let ciphertext = Schema.text.described("A ciphertext of the service, in its text form or as base64.")
}

extension Answers {
    /// The key and version that performed an operation.
    static let versionFields: [Property] = [.must("keyId", .uuid), .must("version", .version)]

    /// A ciphertext in both of its forms.
    static let ciphertextFields: [Property] = [
        .must("ciphertext", .base64()),
        .must("ciphertextText", Schema.text.described("The ciphertext in its text form.")),
    ]

    /// Returns the length of an answer with a plaintext once and its ciphertext twice, in bytes.
    static func capacity(forPlaintext byteCount: Int) -> Int {
        3 * Base64.length(ofEncoded: byteCount + Ciphertext.overhead) + 128
    }
}

extension Ciphertext {
    /// The length of the plaintext, or of the output of RSA, in bytes.
    var contentByteCount: Int {
        switch body {
        case .aes(let box): box.ciphertextAndTag.count - SealedBox.tagLength
        case .rsa(_, let output): output.count
        }
    }
}

extension JSONWriter {
    /// Writes the key and version that performed the operation.
    mutating func fields(of version: VersionID) {
        field("keyId", version.key.description)
        field("version", version.number.value)
    }

    /// Writes a ciphertext in both of its forms.
    mutating func fields(of ciphertext: Ciphertext) {
        field("ciphertext", ciphertext.base64)
        field("ciphertextText", ciphertext.text)
    }
}
