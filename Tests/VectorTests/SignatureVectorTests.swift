import LibCrypto
import PKCS11
import Testing

/// ECDSA, RSA-PSS and RSASSA-PKCS1-v1_5: verified by the real token and by libcrypto, with the same vectors.
@Suite(.serialized) struct SignatureVectorTests {
    struct ECDSACase: Sendable {
        let file: String
        let curve: PKCS11.NamedCurve
        let hash: LibCrypto.HashFunction
        let size: Int
        let isRaw: Bool
        /// The numbers of valid and of invalid vectors.
        let counts: (Int, Int)
    }

    static let ecdsa: [ECDSACase] = [
        ECDSACase(
            file: "ecdsa_secp256r1_sha256_test.json", curve: .p256, hash: .sha256, size: 32, isRaw: false,
            counts: (174, 310)),
        ECDSACase(
            file: "ecdsa_secp256r1_sha256_p1363_test.json", curve: .p256, hash: .sha256, size: 32, isRaw: true,
            counts: (173, 89)),
        ECDSACase(
            file: "ecdsa_secp384r1_sha384_test.json", curve: .p384, hash: .sha384, size: 48, isRaw: false,
            counts: (194, 310)),
        ECDSACase(
            file: "ecdsa_secp521r1_sha512_test.json", curve: .p521, hash: .sha512, size: 66, isRaw: false,
            counts: (232, 310)),
        ECDSACase(
            file: "ecdsa_secp521r1_sha512_p1363_test.json", curve: .p521, hash: .sha512, size: 66, isRaw: true,
            counts: (231, 87)),
        ECDSACase(
            file: "ecdsa_secp256k1_sha256_test.json", curve: .secp256k1, hash: .sha256, size: 32, isRaw: false,
            counts: (168, 308)),
    ]

    @Test(arguments: ecdsa.indices) func `ECDSA: Wycheproof`(_ index: Int) throws {
        let vectors = Self.ecdsa[index]
        var (valid, invalid) = (0, 0)
        try VectorToken.withSession { session in
            for group in try Vectors.wycheproof(vectors.file) {
                let key = try LibCrypto.PublicKey(der: try #require(group.publicKeyDer).hex)
                let point = try #require(key.point)
                let octets: [UInt8] =
                    [0x04] + (point.count < 128 ? [UInt8(point.count)] : [0x81, UInt8(point.count)]) + point
                let handle = try session.createObject([
                    .class(.publicKey), .keyType(.ec), .token(false), .verify(true), .ecParameters(vectors.curve),
                    .ecPoint(octets),
                ])
                for test in group.tests {
                    let message = try #require(test.msg).hex
                    let signature = try #require(test.sig).hex
                    let digest = vectors.hash.digest(of: message)
                    let raw =
                        vectors.isRaw
                        ? (signature.count == 2 * vectors.size ? signature : nil)
                        : ECDSASignature.raw(fromDER: signature, coordinateByteCount: vectors.size)
                    let der = vectors.isRaw ? raw.flatMap { ECDSASignature.der(fromRaw: $0) } : signature
                    let byToken =
                        raw.map { raw in
                            attempt { try session.verify(raw, of: digest, with: handle, .ecdsa) } ?? false
                        } ?? false
                    let byLibrary = der.map { key.verify($0, over: digest, scheme: .ecdsa(vectors.hash)) } ?? false
                    #expect(byToken == test.isValid, "\(vectors.file) \(test.tcId) \(test.comment)")
                    #expect(byLibrary == test.isValid, "\(vectors.file) \(test.tcId) \(test.comment)")
                    if test.isValid { valid += 1 } else { invalid += 1 }
                }
                try session.destroyObject(handle)
            }
        }
        #expect((valid, invalid) == vectors.counts)
    }

    struct RSACase: Sendable {
        let file: String
        let hash: LibCrypto.HashFunction
        let function: PKCS11.HashFunction
        let isPSS: Bool
        let counts: (Int, Int)
    }

    static let rsa: [RSACase] = [
        RSACase(
            file: "rsa_pss_2048_sha256_mgf1_32_test.json", hash: .sha256, function: .sha256, isPSS: true,
            counts: (63, 45)),
        RSACase(
            file: "rsa_pss_3072_sha256_mgf1_32_test.json", hash: .sha256, function: .sha256, isPSS: true,
            counts: (63, 45)),
        RSACase(
            file: "rsa_pss_2048_sha384_mgf1_48_test.json", hash: .sha384, function: .sha384, isPSS: true,
            counts: (95, 46)),
        RSACase(
            file: "rsa_pss_4096_sha512_mgf1_64_test.json", hash: .sha512, function: .sha512, isPSS: true,
            counts: (132, 47)),
        RSACase(
            file: "rsa_signature_2048_sha256_test.json", hash: .sha256, function: .sha256, isPSS: false,
            counts: (9, 250)),
        RSACase(
            file: "rsa_signature_3072_sha384_test.json", hash: .sha384, function: .sha384, isPSS: false,
            counts: (7, 252)),
        RSACase(
            file: "rsa_signature_4096_sha512_test.json", hash: .sha512, function: .sha512, isPSS: false,
            counts: (7, 252)),
    ]

    @Test(arguments: rsa.indices) func `RSA signatures: Wycheproof`(_ index: Int) throws {
        let vectors = Self.rsa[index]
        var (valid, invalid) = (0, 0)
        try VectorToken.withSession { session in
            for group in try Vectors.wycheproof(vectors.file) {
                let numbers = try #require(group.publicKey)
                let (modulus, exponent) = (try #require(numbers.modulus).hex, try #require(numbers.publicExponent).hex)
                let key = try LibCrypto.PublicKey(rsaModulus: modulus, exponent: exponent)
                let handle = try session.createObject([
                    .class(.publicKey), .keyType(.rsa), .token(false), .verify(true),
                    .modulus(Array(modulus.drop { $0 == 0 })), .publicExponent(Array(exponent.drop { $0 == 0 })),
                ])
                // Some implementations accept a signature without the NULL in its DigestInfo; it is refused here (RFC 8017 §9.2).
                for test in group.tests {
                    let digest = vectors.hash.digest(of: try #require(test.msg).hex)
                    let signature = try #require(test.sig).hex
                    let byToken =
                        attempt {
                            vectors.isPSS
                                ? try session.verify(
                                    signature, of: digest, with: handle,
                                    .rsaPSS(
                                        hash: vectors.function, mgf: vectors.function,
                                        saltLength: vectors.hash.byteCount))
                                : try session.verify(
                                    signature, of: PKCS1DigestInfo.der(of: digest, hash: vectors.hash), with: handle,
                                    .rsaPKCS)
                        } ?? false
                    let byLibrary = key.verify(
                        signature, over: digest, scheme: vectors.isPSS ? .rsaPSS(vectors.hash) : .rsaPKCS1(vectors.hash)
                    )
                    #expect(byToken == test.isValid, "\(vectors.file) \(test.tcId) \(test.comment) \(test.flags)")
                    #expect(byLibrary == test.isValid, "\(vectors.file) \(test.tcId) \(test.comment) \(test.flags)")
                    if test.isValid { valid += 1 } else { invalid += 1 }
                }
                try session.destroyObject(handle)
            }
        }
        #expect((valid, invalid) == vectors.counts)
    }
}
