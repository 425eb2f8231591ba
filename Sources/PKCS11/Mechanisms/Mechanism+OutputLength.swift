/// The output lengths of operations, as far as they are known beforehand. They save asking the token; a wrong guess costs one
/// more call (see `Module.output(of:expecting:_:)`).
extension Mechanism {
    /// Returns the expected length of the ciphertext of `count` bytes, in bytes.
    func ciphertextCount(of count: Int) -> Int {
        switch parameters {
        case .gcm(_, _, let tagBits): count + (tagBits + 7) / 8
        case .oaep: Self.rsaCount
        default: type == .rsaPKCS || type == .rsaX509 ? Self.rsaCount : count + Self.blockCount
        }
    }

    /// The expected length of a signature or MAC, in bytes.
    var signatureCount: Int {
        switch type {
        case .sha224HMAC: 28
        case .sha256HMAC: 32
        case .sha384HMAC: 48
        case .sha512HMAC: 64
        case .aesCMAC: 16
        case .edDSA: 114
        case .ecdsa, .ecdsaSHA256, .ecdsaSHA384, .ecdsaSHA512: 132
        default: Self.rsaCount
        }
    }

    /// The length of RSA output with 4096 bits.
    private static var rsaCount: Int { 512 }

    /// The maximum padding: one block.
    private static var blockCount: Int { 16 }
}
