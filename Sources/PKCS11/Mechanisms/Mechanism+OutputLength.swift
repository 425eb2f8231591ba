/// How much room an operation needs, as far as it is known beforehand. It saves asking the token, and a wrong guess
/// costs one more call (see `Module.output(of:expecting:_:)`).
extension Mechanism {
    /// For `count` bytes of data, in bytes.
    func ciphertextCount(of count: Int) -> Int {
        switch parameters {
        case .gcm(_, _, let tagBits): count + (tagBits + 7) / 8
        case .oaep: Self.rsaCount
        default: type == .rsaPKCS || type == .rsaX509 ? Self.rsaCount : count + Self.blockCount
        }
    }

    /// Of a signature or MAC, in bytes.
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

    /// RSA with 4096 bits.
    private static var rsaCount: Int { 512 }

    /// At most one block of padding.
    private static var blockCount: Int { 16 }
}
