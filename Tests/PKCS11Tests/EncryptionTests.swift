import PKCS11
import Testing

@Suite
struct EncryptionTests {
    static let token = TestToken()

    static let mechanism = Mechanism.aesGCM(iv: Array(repeating: 1, count: 12), aad: Array("context".utf8))

    private static func makeKey(in session: borrowing Session) throws -> ObjectHandle {
        try session.generateKey(.aesKeyGen, [.valueLength(32), .encrypt(true), .decrypt(true)])
    }

    /// McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16.
    @Test func `AES-256-GCM gives the published ciphertext and tag`() throws {
        let session = try Self.token.session()
        let key = try session.createObject([
            .class(.secretKey), .keyType(.aes), .encrypt(true), .decrypt(true), .token(false),
            .value([UInt8](hex: "feffe9928665731c6d6a8f9467308308 feffe9928665731c6d6a8f9467308308")),
        ])
        let plaintext = [UInt8](
            hex: """
                d9313225f88406e5a55909c5aff5269a 86a7a9531534f7da2e4c303d8a318a72
                1c3c0c95956809532fcf0e2449a6b525 b16aedf5aa0de657ba637b39
                """)
        let mechanism = Mechanism.aesGCM(
            iv: [UInt8](hex: "cafebabefacedbaddecaf888"), aad: [UInt8](hex: "feedfacedeadbeeffeedfacedeadbeefabaddad2"))
        let ciphertext = try session.encrypt(plaintext, with: key, mechanism)
        #expect(
            ciphertext.hex == """
                522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
                8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662\
                76fc6ece0f4e1768cddf8853bb2d551b
                """)
        #expect(try session.decrypt(ciphertext, with: key, mechanism) == plaintext)
    }

    @Test func `a tampered tag, ciphertext, vector or context does not decrypt, and the session goes on`() throws {
        let session = try Self.token.session()
        let key = try Self.makeKey(in: session)
        let ciphertext = try session.encrypt("plaintext".utf8, with: key, Self.mechanism)
        for index in [0, ciphertext.count - 1] {
            var tampered = ciphertext
            tampered[index] ^= 1
            // SoftHSM's code for a wrong tag; the standard's is CKR_ENCRYPTED_DATA_INVALID.
            #expect(throws: PKCS11Error.returned(.generalError, from: .decrypt)) {
                try session.decrypt(tampered, with: key, Self.mechanism)
            }
        }
        let others = [
            Mechanism.aesGCM(iv: Array(repeating: 2, count: 12), aad: Array("context".utf8)),
            Mechanism.aesGCM(iv: Array(repeating: 1, count: 12), aad: Array("other".utf8)),
        ]
        for other in others {
            #expect(throws: PKCS11Error.returned(.generalError, from: .decrypt)) {
                try session.decrypt(ciphertext, with: key, other)
            }
        }
        #expect(try session.decrypt(ciphertext, with: key, Self.mechanism) == Array("plaintext".utf8))
    }

    @Test(arguments: [1, 15])
    func `a ciphertext shorter than its tag does not decrypt, and the session goes on`(count: Int) throws {
        let session = try Self.token.session()
        let key = try Self.makeKey(in: session)
        #expect(throws: PKCS11Error.self) {
            try session.decrypt([UInt8](repeating: 0, count: count), with: key, Self.mechanism)
        }
        _ = try session.encrypt([1], with: key, Self.mechanism)
    }

    @Test func `data that comes in pieces is encrypted as one`() throws {
        let session = try Self.token.session()
        let key = try Self.makeKey(in: session)
        let pieces = [[1, 2], [3], []].joined().lazy.map(UInt8.init)
        let ciphertext = try session.encrypt(Array(pieces), with: key, Self.mechanism)
        #expect(try session.encrypt(AnyCollection(Array(pieces)), with: key, Self.mechanism) == ciphertext)
        #expect(try session.encrypt([1, 2, 3][...], with: key, Self.mechanism) == ciphertext)
    }

    @Test func `into memory of the caller: exactly as much as the ciphertext is written`() throws {
        let session = try Self.token.session()
        let key = try Self.makeKey(in: session)
        var memory = [UInt8](repeating: 0xEE, count: 64)
        let count = try [UInt8]("12345".utf8).withUnsafeBytes { data in
            try memory.withUnsafeMutableBytes { try session.encrypt(data, with: key, Self.mechanism, into: $0) }
        }
        #expect(count == 21)
        #expect(try session.decrypt(memory[..<21], with: key, Self.mechanism) == Array("12345".utf8))
        #expect(memory[21...].allSatisfy { $0 == 0xEE })
    }

    @Test func `plaintext that fits is decrypted, though the module wants room for the tag as well`() throws {
        let session = try Self.token.session()
        let key = try Self.makeKey(in: session)
        let ciphertext = try session.encrypt("12345".utf8, with: key, Self.mechanism)
        var memory = [UInt8](repeating: 0xEE, count: 5)
        let count = try ciphertext.withUnsafeBytes { data in
            try memory.withUnsafeMutableBytes { try session.decrypt(data, with: key, Self.mechanism, into: $0) }
        }
        #expect(count == 5)
        #expect(memory == Array("12345".utf8))
    }

    @Test(arguments: [0, 1, 4]) func `output that does not fit is refused, and leaves no operation active`(room: Int)
        throws
    {
        let session = try Self.token.session()
        let key = try Self.makeKey(in: session)
        let ciphertext = try session.encrypt("12345".utf8, with: key, Self.mechanism)
        var memory = [UInt8](repeating: 0xEE, count: room)
        #expect(throws: PKCS11Error.returned(.bufferTooSmall, from: .decrypt)) {
            try ciphertext.withUnsafeBytes { data in
                try memory.withUnsafeMutableBytes { try session.decrypt(data, with: key, Self.mechanism, into: $0) }
            }
        }
        #expect(throws: PKCS11Error.returned(.bufferTooSmall, from: .encrypt)) {
            try ciphertext.withUnsafeBytes { data in
                try memory.withUnsafeMutableBytes { try session.encrypt(data, with: key, Self.mechanism, into: $0) }
            }
        }
        #expect(memory == [UInt8](repeating: 0xEE, count: room))
        #expect(try session.decrypt(ciphertext, with: key, Self.mechanism) == Array("12345".utf8))
    }

    @Test func `a key that is not for decryption does not decrypt`() throws {
        let session = try Self.token.session()
        let key = try session.generateKey(.aesKeyGen, [.valueLength(32), .encrypt(true), .decrypt(false)])
        let ciphertext = try session.encrypt([1], with: key, Self.mechanism)
        #expect(throws: PKCS11Error.returned(.keyFunctionNotPermitted, from: .decryptInit)) {
            try session.decrypt(ciphertext, with: key, Self.mechanism)
        }
    }

    @Test func `CBC takes its vector as plain bytes and pads`() throws {
        let session = try Self.token.session()
        let bytes = [UInt8](0..<32)
        let key = try session.createObject(
            [.class(.secretKey), .keyType(.aes), .value(bytes), .encrypt(true), .decrypt(true), .token(false)])
        let mechanism = Mechanism(.aesCBCPad, parameter: Array(bytes[..<16]))
        let plaintext = Array("seventeen bytes!!".utf8)
        let ciphertext = try session.encrypt(plaintext, with: key, mechanism)
        let reference = try OpenSSL.run(
            ["enc", "-aes-256-cbc", "-K", bytes.hex, "-iv", bytes[..<16].map { $0 }.hex, "-in", "data"],
            files: ["data": plaintext])
        #expect(ciphertext == reference)
        #expect(try session.decrypt(ciphertext, with: key, mechanism) == plaintext)
    }

    @Test func `what OpenSSL encrypts with OAEP the token decrypts`() throws {
        let session = try Self.token.session()
        let keys = try session.generateKeyPair(
            .rsaPKCSKeyPairGen, publicKey: [.modulusBits(2048), .publicExponent([1, 0, 1]), .encrypt(true)],
            privateKey: [.decrypt(true), .sensitive(true)])
        let ciphertext = try OpenSSL.run(
            [
                "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", "key", "-in", "data",
                "-pkeyopt", "rsa_padding_mode:oaep",
            ],
            files: ["key": try session.rsaPublicKeyInfo(of: keys.publicKey), "data": Array("secret".utf8)])
        let mechanism = Mechanism.rsaOAEP(hash: .sha1, mgf: .sha1)
        #expect(try session.decrypt(ciphertext, with: keys.privateKey, mechanism) == Array("secret".utf8))
        let own = try session.encrypt("own".utf8, with: keys.publicKey, mechanism)
        #expect(try session.decrypt(own, with: keys.privateKey, mechanism) == Array("own".utf8))
    }
}
