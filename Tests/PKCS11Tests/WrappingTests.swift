import PKCS11
import Testing

@Suite
struct WrappingTests {
    static let token = TestToken()

    private static func importKey(
        _ value: [UInt8], _ type: KeyType = .aes, in session: borrowing Session, _ more: Template = []
    ) throws -> ObjectHandle {
        try session.createObject([.class(.secretKey), .keyType(type), .value(value), .token(false)] + more)
    }

    /// RFC 3394 §4.6: 256 bits of key data with a 256-bit key.
    @Test func `AES key wrap gives the published result, and unwraps it`() throws {
        let session = try Self.token.session()
        let root = try Self.importKey(
            [UInt8](hex: "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"), in: session,
            [.wrap(true), .unwrap(true)])
        let data = [UInt8](hex: "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F")
        let key = try Self.importKey(data, in: session, [.extractable(true)])
        let wrapped = try session.wrapKey(key, with: root, .aesKeyWrap)
        #expect(
            wrapped.hex == "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21")
        let unwrapped = try session.unwrapKey(
            wrapped, with: root, .aesKeyWrap,
            [.class(.secretKey), .keyType(.aes), .token(false), .sensitive(false), .extractable(true)])
        #expect(try session.bytes(.value, of: unwrapped) == data)
    }

    @Test func `SoftHSM's 0x210A is RFC 5649, as OpenSSL has it`() throws {
        let session = try Self.token.session()
        let bytes = [UInt8](32..<64)
        let root = try Self.importKey(bytes, in: session, [.wrap(true)])
        let data = [UInt8](0..<32)
        let key = try Self.importKey(data, in: session, [.extractable(true)])
        let reference = try OpenSSL.run(
            ["enc", "-id-aes256-wrap-pad", "-iv", "A65959A6", "-K", bytes.hex, "-in", "data"], files: ["data": data])
        #expect(try session.wrapKey(key, with: root, .aesKeyWrapPad) == reference)
    }

    @Test func `a mechanism that the token does not have is invalid`() throws {
        let session = try Self.token.session()
        let root = try Self.importKey([UInt8](0..<32), in: session, [.wrap(true)])
        let key = try Self.importKey([UInt8](0..<32), in: session, [.extractable(true)])
        #expect(throws: PKCS11Error.returned(.mechanismInvalid, from: .wrapKey)) {
            try session.wrapKey(key, with: root, .aesKeyWrapKWP)
        }
    }

    @Test func `a key that is not extractable is not wrapped`() throws {
        let session = try Self.token.session()
        let root = try session.generateKey(.aesKeyGen, [.valueLength(32), .wrap(true), .extractable(false)])
        let key = try session.generateKey(.aesKeyGen, [.valueLength(32), .extractable(false)])
        #expect(throws: PKCS11Error.returned(.keyUnextractable, from: .wrapKey)) {
            try session.wrapKey(key, with: root, .aesKeyWrap)
        }
        #expect(throws: PKCS11Error.returned(.keyUnextractable, from: .wrapKey)) {
            try session.wrapKey(root, with: root, .aesKeyWrap)
        }
    }

    @Test func `a tampered blob does not unwrap`() throws {
        let session = try Self.token.session()
        let root = try session.generateKey(.aesKeyGen, [.valueLength(32), .wrap(true), .unwrap(true)])
        let key = try session.generateKey(.aesKeyGen, [.valueLength(32), .extractable(true)])
        var wrapped = try session.wrapKey(key, with: root, .aesKeyWrapPad)
        wrapped[5] ^= 1
        let error = #expect(throws: PKCS11Error.self) {
            try session.unwrapKey(wrapped, with: root, .aesKeyWrapPad, [.class(.secretKey), .keyType(.aes)])
        }
        #expect(error?.function == .unwrapKey)
    }

    @Test func `an unwrap template is enforced: what contradicts it does not unwrap`() throws {
        let session = try Self.token.session()
        let root = try session.generateKey(
            .aesKeyGen, [.valueLength(32), .wrap(true), .unwrap(true), .unwrapTemplate([.extractable(false)])])
        let key = try session.generateKey(.aesKeyGen, [.valueLength(32), .extractable(true)])
        let wrapped = try session.wrapKey(key, with: root, .aesKeyWrapPad)
        #expect(throws: PKCS11Error.returned(.templateInconsistent, from: .unwrapKey)) {
            try session.unwrapKey(
                wrapped, with: root, .aesKeyWrapPad, [.class(.secretKey), .keyType(.aes), .extractable(true)])
        }
        let unwrapped = try session.unwrapKey(
            wrapped, with: root, .aesKeyWrapPad, [.class(.secretKey), .keyType(.aes), .extractable(false)])
        #expect(try session.bool(.extractable, of: unwrapped) == false)
    }

    @Test func `private keys wrap as PKCS #8, and sign again when they are unwrapped`() throws {
        let session = try Self.token.session()
        let root = try session.generateKey(.aesKeyGen, [.valueLength(32), .wrap(true), .unwrap(true)])
        let keys = try session.generateKeyPair(
            .ecKeyPairGen, publicKey: [.ecParameters(.p256), .verify(true)],
            privateKey: [.sign(true), .extractable(true), .sensitive(true)])
        let wrapped = try session.wrapKey(keys.privateKey, with: root, .aesKeyWrapPad)
        let unwrapped = try session.unwrapKey(
            wrapped, with: root, .aesKeyWrapPad,
            [.class(.privateKey), .keyType(.ec), .sign(true), .sensitive(true), .extractable(false)])
        let hash = [UInt8](repeating: 3, count: 32)
        let signature = try session.sign(hash, with: unwrapped, .ecdsa)
        #expect(try session.verify(signature, of: hash, with: keys.publicKey, .ecdsa))
    }

    @Test func `a key longer than the room that is tried first wraps whole`() throws {
        let session = try Self.token.session()
        let root = try session.generateKey(.aesKeyGen, [.valueLength(32), .wrap(true)])
        let secret = try session.createObject([
            .class(.secretKey), .keyType(.genericSecret), .value([UInt8](repeating: 5, count: 4096)),
            .extractable(true),
            .token(false),
        ])
        #expect(try session.wrapKey(secret, with: root, .aesKeyWrap).count == 4104)
    }

    @Test func `two sides derive the same secret from each other's public key`() throws {
        let session = try Self.token.session()
        func pair() throws -> (publicKey: ObjectHandle, privateKey: ObjectHandle) {
            try session.generateKeyPair(
                .ecKeyPairGen, publicKey: [.ecParameters(.p256)], privateKey: [.derive(true)])
        }
        let (ours, theirs) = (try pair(), try pair())
        func secret(_ key: ObjectHandle, _ other: ObjectHandle) throws -> [UInt8] {
            let secret = try session.deriveKey(
                from: key, .ecdh1Derive(publicPoint: try session.bytes(.ecPoint, of: other)),
                [
                    .class(.secretKey), .keyType(.genericSecret), .valueLength(32), .sensitive(false),
                    .extractable(true),
                    .token(false),
                ])
            return try session.bytes(.value, of: secret)
        }
        let first = try secret(ours.privateKey, theirs.publicKey)
        #expect(first.count == 32)
        #expect(try secret(theirs.privateKey, ours.publicKey) == first)
    }
}
