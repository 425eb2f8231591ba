import PKCS11
import Testing

/// AES-GCM, AES key wrap and HMAC through the real token.
@Suite(.serialized) struct SymmetricVectorTests {
    private func aesKey(_ value: [UInt8], _ session: borrowing Session) throws -> ObjectHandle {
        try session.createObject([
            .class(.secretKey), .keyType(.aes), .token(false), .private(true), .encrypt(true), .decrypt(true),
            .unwrap(true), .value(value),
        ])
    }

    @Test func `AES-GCM with 256-bit keys: Wycheproof`() throws {
        var (valid, invalid) = (0, 0)
        try VectorToken.withSession { session in
            for group in try Vectors.wycheproof("aes_gcm_test.json")
            where group.keySize == 256 && group.ivSize == 96 && group.tagSize == 128 {
                for test in group.tests {
                    let (iv, aad) = (try #require(test.iv).hex, try #require(test.aad).hex)
                    // An empty AAD is never used, see Quirks.
                    guard !aad.isEmpty else { continue }
                    let key = try aesKey(try #require(test.key).hex, session)
                    let mechanism = Mechanism.aesGCM(iv: iv, aad: aad)
                    let box = try #require(test.ct).hex + (try #require(test.tag).hex)
                    let message = try #require(test.msg).hex
                    let opened = attempt { try session.decrypt(box, with: key, mechanism) }
                    #expect(opened == (test.isValid ? message : nil), "\(test.tcId) \(test.comment)")
                    if test.isValid {
                        #expect(try session.encrypt(message, with: key, mechanism) == box, "\(test.tcId)")
                        valid += 1
                    } else {
                        invalid += 1
                    }
                    try session.destroyObject(key)
                }
            }
        }
        #expect((valid, invalid) == (18, 0))
    }

    @Test func `AES-GCM with 256-bit keys: NIST, of which many must fail`() throws {
        var (valid, invalid) = (0, 0)
        try VectorToken.withSession { session in
            for block in try Vectors.blocks("gcmDecrypt256.rsp")
            where block["IVlen"] == "96" && block["Taglen"] == "128" && block["AADlen"] != "0" && block["Key"] != nil {
                let key = try aesKey(try #require(block["Key"]).hex, session)
                let box = try #require(block["CT"]).hex + (try #require(block["Tag"]).hex)
                let mechanism = Mechanism.aesGCM(iv: try #require(block["IV"]).hex, aad: try #require(block["AAD"]).hex)
                let opened = attempt { try session.decrypt(box, with: key, mechanism) }
                if block["FAIL"] == nil {
                    #expect(opened == block["PT"]?.hex)
                    valid += 1
                } else {
                    #expect(opened == nil)
                    invalid += 1
                }
                try session.destroyObject(key)
            }
        }
        #expect((valid, invalid) == (142, 158))
    }

    /// Unwraps a blob as a readable secret.
    private func unwrap(
        _ blob: [UInt8], under kek: ObjectHandle, _ mechanism: Mechanism, _ session: borrowing Session
    ) -> [UInt8]? {
        attempt {
            let key = try session.unwrapKey(
                blob, with: kek, mechanism,
                [
                    .class(.secretKey), .keyType(.genericSecret), .token(false), .private(true), .sensitive(false),
                    .extractable(true),
                ])
            let value = try session.bytes(.value, of: key)
            try session.destroyObject(key)
            return value
        }
    }

    @Test(arguments: [("aes_wrap_test.json", false), ("aes_kwp_test.json", true)])
    func `AES key wrap with 256-bit keys: Wycheproof`(_ file: String, _ hasPadding: Bool) throws {
        var (valid, invalid) = (0, 0)
        try VectorToken.withSession { session in
            for group in try Vectors.wycheproof(file) where group.keySize == 256 {
                for test in group.tests where test.result != "acceptable" {
                    let kek = try aesKey(try #require(test.key).hex, session)
                    let value = unwrap(
                        try #require(test.ct).hex, under: kek, hasPadding ? .aesKeyWrapPad : .aesKeyWrap, session)
                    let message = try #require(test.msg).hex
                    #expect(
                        value == (test.isValid ? message : nil), "\(test.tcId) \(test.comment) \(test.flags)")
                    if test.isValid { valid += 1 } else { invalid += 1 }
                    try session.destroyObject(kek)
                }
            }
        }
        #expect((valid, invalid) == (hasPadding ? (25, 69) : (13, 54)))
    }

    @Test(arguments: [("KW_AD_256.txt", false), ("KWP_AD_256.txt", true)])
    func `AES key wrap with 256-bit keys: NIST`(_ file: String, _ hasPadding: Bool) throws {
        var (valid, invalid) = (0, 0)
        try VectorToken.withSession { session in
            for block in try Vectors.blocks(file) where block["C"] != nil {
                let kek = try aesKey(try #require(block["K"]).hex, session)
                let value = unwrap(
                    try #require(block["C"]).hex, under: kek, hasPadding ? .aesKeyWrapPad : .aesKeyWrap, session)
                if let plaintext = block["P"] {
                    #expect(value == plaintext.hex)
                    valid += 1
                } else {
                    #expect(value == nil)
                    invalid += 1
                }
                try session.destroyObject(kek)
            }
        }
        #expect((valid, invalid) == (hasPadding ? (400, 100) : (400, 100)))
    }

    @Test(arguments: [
        ("rfc-4231-sha256.txt", Mechanism.sha256HMAC, 32), ("rfc-4231-sha384.txt", .sha384HMAC, 48),
        ("rfc-4231-sha512.txt", .sha512HMAC, 64),
    ])
    func `HMAC: RFC 4231; keys that are shorter than the hash are refused by the token`(
        _ file: String, _ mechanism: Mechanism, _ length: Int
    ) throws {
        var (made, refused) = (0, 0)
        try VectorToken.withSession { session in
            for block in try Vectors.blocks(file) {
                let secret = try #require(block["Key"]).hex
                let key = try session.createObject([
                    .class(.secretKey), .keyType(.genericSecret), .token(false), .private(true), .sign(true),
                    .value(secret),
                ])
                let code = attempt { try session.sign(try #require(block["Msg"]).hex, with: key, mechanism) }
                if secret.count >= length {
                    let expected = try #require(block["MD"]).hex
                    #expect(code.map { Array($0.prefix(expected.count)) } == expected)
                    made += 1
                } else {
                    #expect(code == nil)
                    refused += 1
                }
                try session.destroyObject(key)
            }
        }
        #expect((made, refused) == (2, 4))
    }
}
