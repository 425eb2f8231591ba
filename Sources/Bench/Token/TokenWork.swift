import CBench
import PKCS11

/// The operations of both loops, with the same key objects on the same data.
enum TokenWork: String, CaseIterable {
    case decrypt, encrypt, issue, unwrap, hmac, sign

    var title: String {
        switch self {
        case .decrypt: "AES-256-GCM decrypt, 32 bytes"
        case .encrypt: "AES-256-GCM encrypt, 32 bytes"
        case .issue: "data key: random, encrypt"
        case .unwrap: "unwrap and destroy"
        case .hmac: "HMAC-SHA256, 200 bytes"
        case .sign: "ECDSA P-256"
        }
    }
}

/// The keys and data for ``TokenWork``.
struct TokenKeys {
    let gcm, wrap, mac, signing: ObjectHandle
    let wrapped: [UInt8]
    let nonce = [UInt8](repeating: 7, count: 12)
    /// As long as a ciphertext's without an encryption context.
    let aad = [UInt8](repeating: 9, count: 64)
    let plaintext = [UInt8](repeating: 1, count: 32)
    let message = [UInt8](repeating: 2, count: 200)
    let digest = [UInt8](repeating: 3, count: 32)
    let ciphertext: [UInt8]

    init(in session: borrowing Session) throws {
        let common: [Attribute] = [.token(false), .private(true), .sensitive(true)]
        func secret(_ label: String, _ uses: [Attribute]) -> Template {
            Template([.class(.secretKey), .keyType(.aes), .valueLength(32), .label(label)] + common + uses)
        }
        gcm = try session.generateKey(.aesKeyGen, secret("gcm", [.encrypt(true), .decrypt(true), .extractable(true)]))
        wrap = try session.generateKey(.aesKeyGen, secret("wrap", [.wrap(true), .unwrap(true)]))
        mac = try session.generateKey(
            .genericSecretKeyGen,
            Template(
                [.class(.secretKey), .keyType(.genericSecret), .valueLength(32), .label("mac"), .sign(true)] + common))
        signing = try session.generateKeyPair(
            .ecKeyPairGen, publicKey: Template([.token(false), .ecParameters(.p256), .label("verifying")]),
            privateKey: Template([.label("signing"), .sign(true)] + common)
        ).privateKey
        wrapped = try session.wrapKey(gcm, with: wrap, .aesKeyWrapPad)
        ciphertext = try session.encrypt(plaintext, with: gcm, .aesGCM(iv: nonce, aad: aad))
    }
}
