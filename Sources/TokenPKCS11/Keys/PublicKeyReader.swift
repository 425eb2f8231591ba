internal import KeyManagement
internal import LibCrypto
internal import PKCS11

/// Reads public keys from objects of the token.
enum PublicKeyReader {
    /// Reads a public key from a public key object, or from an RSA private key, which has the same attributes.
    static func read(
        _ algorithm: KeyAlgorithm, from object: ObjectHandle, in session: borrowing Session
    ) throws(PKCS11Error) -> PublicKey {
        switch algorithm.family {
        case .rsa(let bits):
            let modulus = try session.bytes(.modulus, of: object)
            let exponent = try session.bytes(.publicExponent, of: object)
            return try make(expecting: .rsa(bits: bits)) { () throws(LibCryptoError) in
                try PublicKey(rsaModulus: modulus, exponent: exponent)
            }
        case .ec(let curve):
            let point = unpacked(try session.bytes(.ecPoint, of: object))
            return try make(expecting: .ec(curve.libCrypto)) { () throws(LibCryptoError) in
                try PublicKey(curve: curve.libCrypto, point: point)
            }
        case .ed25519:
            let point = unpacked(try session.bytes(.ecPoint, of: object))
            return try make(expecting: .ed25519) { () throws(LibCryptoError) in try PublicKey(ed25519: point) }
        case .aes, .hmac: throw .malformedAnswer(from: .getAttributeValue, "\(algorithm.rawValue) has no public key")
        }
    }

    /// Returns the bare point. By the standard it is a DER octet string (v2.40 §2.3.3), but some modules return it bare.
    private static func unpacked(_ attribute: [UInt8]) -> [UInt8] {
        var rest = attribute[...]
        guard rest.popFirst() == 0x04, let length = rest.popFirst() else { return attribute }
        // Points of P-521 need a DER length of more than one byte.
        if length == 0x81 { _ = rest.popFirst() }
        let announced = length == 0x81 ? attribute[2] : length
        return length <= 0x81 && rest.count == Int(announced) ? Array(rest) : attribute
    }

    private static func make(
        expecting kind: PublicKey.Kind, _ body: () throws(LibCryptoError) -> PublicKey
    ) throws(PKCS11Error) -> PublicKey {
        let key: PublicKey
        do throws(LibCryptoError) {
            key = try body()
        } catch {
            throw .malformedAnswer(from: .getAttributeValue, "a public key that is none: \(error)")
        }
        guard key.kind == kind else {
            throw .malformedAnswer(from: .getAttributeValue, "a public key of another kind: \(key.kind)")
        }
        return key
    }
}

extension HashAlgorithm {
    /// The same function in the module's type.
    var pkcs11: PKCS11.HashFunction {
        switch self {
        case .sha1: .sha1
        case .sha224: .sha224
        case .sha256: .sha256
        case .sha384: .sha384
        case .sha512: .sha512
        }
    }
}
