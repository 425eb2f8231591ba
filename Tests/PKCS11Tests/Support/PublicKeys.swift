import PKCS11

extension Session {
    /// Returns the `SubjectPublicKeyInfo` of an RSA key, for OpenSSL.
    func rsaPublicKeyInfo(of key: ObjectHandle) throws -> [UInt8] {
        let numbers = DER.sequence(
            DER.integer(try bytes(.modulus, of: key)), DER.integer(try bytes(.publicExponent, of: key)))
        let rsaEncryption = [UInt8](hex: "300d06092a864886f70d0101010500")
        return DER.sequence(rsaEncryption, DER.bitString(numbers))
    }

    /// Returns the `SubjectPublicKeyInfo` of a key on an elliptic curve, for OpenSSL.
    func ecPublicKeyInfo(of key: ObjectHandle) throws -> [UInt8] {
        let idECPublicKey = [UInt8](hex: "06072a8648ce3d0201")
        let curve = try bytes(.ecParameters, of: key)
        // The point is wrapped in an octet string; two bytes of header up to P-384.
        let point = Array(try bytes(.ecPoint, of: key).dropFirst(2))
        return DER.sequence(DER.sequence(idECPublicKey, curve), DER.bitString(point))
    }
}
