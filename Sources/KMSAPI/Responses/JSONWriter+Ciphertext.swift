import KeyManagement

extension JSONWriter {
    /// Which key and version did it.
    mutating func fields(of version: VersionID) {
        field("keyId", version.key.description)
        field("version", version.number.value)
    }

    /// A ciphertext in both of its forms.
    mutating func fields(of ciphertext: Ciphertext) {
        field("ciphertext", ciphertext.base64)
        field("ciphertextText", ciphertext.text)
    }
}
