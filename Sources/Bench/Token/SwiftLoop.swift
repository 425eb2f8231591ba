import PKCS11

/// The loop through the PKCS11 target.
struct SwiftLoop {
    let rig: TokenRig
    let keys: TokenKeys

    func run(_ work: TokenWork, _ count: Int, in session: borrowing Session) throws {
        let output = rig.scratch
        switch work {
        case .decrypt:
            try keys.ciphertext.withUnsafeBytes { (input) throws in
                for _ in 0..<count {
                    _ = try session.decrypt(input, with: keys.gcm, .aesGCM(iv: keys.nonce, aad: keys.aad), into: output)
                }
            }
        case .encrypt:
            try keys.plaintext.withUnsafeBytes { (input) throws in
                for _ in 0..<count {
                    _ = try session.encrypt(input, with: keys.gcm, .aesGCM(iv: keys.nonce, aad: keys.aad), into: output)
                }
            }
        case .issue:
            try withUnsafeTemporaryAllocation(byteCount: 32, alignment: 1) { (key) throws in
                for _ in 0..<count {
                    try session.generateRandom(into: key)
                    let nonce = try session.generateRandom(count: 12)
                    _ = try session.encrypt(
                        UnsafeRawBufferPointer(key), with: keys.gcm, .aesGCM(iv: nonce, aad: keys.aad), into: output)
                }
            }
        case .unwrap:
            for _ in 0..<count {
                let key = try session.unwrapKey(keys.wrapped, with: keys.wrap, .aesKeyWrapPad, Self.unwrapped)
                try session.destroyObject(key)
            }
        case .hmac:
            try keys.message.withUnsafeBytes { (input) throws in
                for _ in 0..<count { _ = try session.sign(input, with: keys.mac, .sha256HMAC, into: output) }
            }
        case .sign:
            try keys.digest.withUnsafeBytes { (input) throws in
                for _ in 0..<count { _ = try session.sign(input, with: keys.signing, .ecdsa, into: output) }
            }
        }
    }

    /// The same attributes as the plain loop's.
    private static let unwrapped: Template = [
        .class(.secretKey), .keyType(.aes), .token(false), .private(true), .sensitive(true), .extractable(false),
        .encrypt(true), .decrypt(true),
    ]
}
