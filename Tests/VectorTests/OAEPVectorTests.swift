import LibCrypto
import PKCS11
import Testing

/// RSAES-OAEP as the service performs it: the bare RSA operation in the real token, the padding removed by libcrypto.
@Suite(.serialized) struct OAEPVectorTests {
    struct Case: Sendable {
        let file: String
        let hash: LibCrypto.HashFunction
        /// The numbers of vectors that are valid, invalid, and valid with a label, which the service never has.
        let counts: [Int]
    }

    static let cases: [Case] = [
        Case(file: "rsa_oaep_2048_sha1_mgf1sha1_test.json", hash: .sha1, counts: [10, 19, 7]),
        Case(file: "rsa_oaep_2048_sha256_mgf1sha256_test.json", hash: .sha256, counts: [10, 19, 8]),
        Case(file: "rsa_oaep_3072_sha256_mgf1sha256_test.json", hash: .sha256, counts: [10, 19, 8]),
        Case(file: "rsa_oaep_4096_sha256_mgf1sha256_test.json", hash: .sha256, counts: [10, 19, 8]),
    ]

    @Test(arguments: cases.indices) func `RSA-OAEP: Wycheproof`(_ index: Int) throws {
        let vectors = Self.cases[index]
        var counts = [0, 0, 0]
        try VectorToken.withSession { session in
            for group in try Vectors.wycheproof(vectors.file) {
                let numbers = try #require(group.privateKey)
                func number(_ name: String) throws -> [UInt8] {
                    Array(try #require(numbers[name]).hex.drop { $0 == 0 })
                }
                let key = try session.createObject([
                    .class(.privateKey), .keyType(.rsa), .token(false), .private(true), .decrypt(true),
                    .modulus(try number("modulus")), .publicExponent(try number("publicExponent")),
                    Attribute(.privateExponent, bytes: try number("privateExponent")),
                    Attribute(.prime1, bytes: try number("prime1")), Attribute(.prime2, bytes: try number("prime2")),
                    Attribute(.exponent1, bytes: try number("exponent1")),
                    Attribute(.exponent2, bytes: try number("exponent2")),
                    Attribute(.coefficient, bytes: try number("coefficient")),
                ])
                for test in group.tests {
                    let opened = try open(try #require(test.ct).hex, with: key, vectors.hash, session)
                    let hasLabel = test.label.map { !$0.isEmpty } ?? false
                    let expected = test.isValid && !hasLabel ? test.msg?.hex : nil
                    #expect(opened == expected, "\(vectors.file) \(test.tcId) \(test.comment) \(test.flags)")
                    counts[!test.isValid ? 1 : hasLabel ? 2 : 0] += 1
                }
                try session.destroyObject(key)
            }
        }
        #expect(counts == vectors.counts)
    }

    private func open(
        _ ciphertext: [UInt8], with key: ObjectHandle, _ hash: LibCrypto.HashFunction, _ session: borrowing Session
    ) throws -> [UInt8]? {
        guard let encoded = attempt({ try session.decrypt(ciphertext, with: key, .rsaX509) }) else { return nil }
        var room = [UInt8](repeating: 0, count: encoded.count)
        let count = encoded.withUnsafeBytes { encoded in
            room.withUnsafeMutableBytes { OAEP.unpad(encoded, hash: hash, into: $0) }
        }
        return count.map { Array(room.prefix($0)) }
    }
}
