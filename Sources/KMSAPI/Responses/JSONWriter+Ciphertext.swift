import JSONText
import KeyManagement

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

    mutating func fields(of dataKey: DataKey) {
        fields(of: dataKey.ciphertext.version)
        if let plaintext = dataKey.plaintext { field("plaintext", base64: plaintext) }
        fields(of: dataKey.ciphertext)
    }

    mutating func fields(of decrypted: Decrypted) {
        fields(of: decrypted.version)
        field("plaintext", base64: decrypted.plaintext)
    }

    mutating func fields(of result: ReEncrypted) {
        field("sourceKeyId", result.source.key.description)
        field("sourceVersion", result.source.number.value)
        fields(of: result.ciphertext.version)
        fields(of: result.ciphertext)
    }

    mutating func fields(of signed: Signed) {
        fields(of: signed.version)
        field("algorithm", signed.algorithm.rawValue)
        field("signature", base64: signed.signature)
    }

    mutating func fields(of verified: Verified) {
        fields(of: verified.version)
        field("valid", verified.isValid)
    }

    mutating func fields(of mac: MAC) {
        fields(of: mac.version)
        field("hmac", base64: mac.code)
    }
}
