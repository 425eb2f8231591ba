internal import KeyManagement
internal import LibCrypto
internal import PKCS11
import SecretMemory

/// Makes data-key pairs: they are generated in the token and read out once.
enum DataKeyPairGenerator {
    /// The buffer size in bytes, larger than PKCS #8 of RSA-4096.
    private static let room = 4096

    static func generate(
        _ algorithm: KeyAlgorithm, in session: borrowing Session
    ) throws(PKCS11Error) -> DataKeyPairMaterial {
        guard case .pair(let mechanism, let ofPublic, let ofPrivate) = KeyGenerationSpec.leaving(algorithm) else {
            throw .malformedAnswer(from: .generateKeyPair, "\(algorithm.rawValue) has no key pairs")
        }
        let pair = try session.generateKeyPair(mechanism, publicKey: ofPublic, privateKey: ofPrivate)
        return try KeyMaker.consuming(pair.privateKey, on: session) { (session) throws(PKCS11Error) in
            try KeyMaker.consuming(pair.publicKey, on: session) { (session) throws(PKCS11Error) in
                let publicKey = try PublicKeyReader.read(algorithm, from: pair.publicKey, in: session)
                return DataKeyPairMaterial(
                    privateKey: try encode(try numbers(of: pair.privateKey, algorithm, in: session), publicKey),
                    publicKey: PublicKeyInfo(der: publicKey.der))
            }
        }
    }

    /// Returns the numbers of a private key, in the order of RFC 8017 §A.1.2 for RSA; the single number of a key on a curve.
    private static func numbers(
        of key: ObjectHandle, _ algorithm: KeyAlgorithm, in session: borrowing Session
    ) throws(PKCS11Error) -> [SecretBytes] {
        let types: [AttributeType]
        switch algorithm.family {
        case .rsa:
            types = [
                .modulus, .publicExponent, .privateExponent, .prime1, .prime2, .exponent1, .exponent2, .coefficient,
            ]
        case .ec, .ed25519, .aes, .hmac: types = [.value]
        }
        var numbers: [SecretBytes] = []
        for type in types { numbers.append(SecretBytes(moving: try session.bytes(type, of: key))) }
        return numbers
    }

    private static func encode(_ numbers: [SecretBytes], _ publicKey: PublicKey) throws(PKCS11Error) -> SecretBytes {
        do throws(LibCryptoError) {
            return try SecretBytes(capacity: room) { (output) throws(LibCryptoError) in
                let result = withBytes(of: numbers[...]) { pointers in
                    Swift.Result { () throws(LibCryptoError) in
                        guard case .ec(let curve) = publicKey.kind else {
                            return try PrivateKeyInfo.rsa(pointers, into: output)
                        }
                        return try PrivateKeyInfo.ec(
                            curve, scalar: pointers[0], publicPoint: publicKey.point ?? [], into: output)
                    }
                }
                return try result.get()
            }
        } catch {
            throw .malformedAnswer(from: .getAttributeValue, "a private key that is none: \(error)")
        }
    }

    /// Lends the memory of several secrets at once.
    private static func withBytes<Result>(
        of secrets: ArraySlice<SecretBytes>, _ pointers: [UnsafeRawBufferPointer] = [],
        _ body: ([UnsafeRawBufferPointer]) -> Result
    ) -> Result {
        guard let first = secrets.first else { return body(pointers) }
        return first.withUnsafeBytes { withBytes(of: secrets.dropFirst(), pointers + [$0], body) }
    }
}

extension SecretBytes {
    /// Copies bytes and overwrites the source. Copies left behind by the library that read them cannot be erased here.
    convenience init(moving bytes: consuming [UInt8]) {
        var source = bytes
        self.init(copying: source)
        source.withUnsafeMutableBytes { buffer in
            for index in buffer.indices { buffer[index] = 0 }
        }
    }
}
