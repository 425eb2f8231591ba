import PKCS11
import Testing

/// Tests of objects. They run one at a time, because SoftHSM 2.6 sometimes fails to make an object while another thread searches
/// the same token.
@Suite(.serialized)
struct ObjectTests {
    static let token = TestToken()

    @Test func `objects are found by their attributes, up to a limit`() throws {
        let session = try Self.token.session()
        for _ in 0..<5 {
            _ = try session.generateKey(.aesKeyGen, [.valueLength(16), .label("five"), .token(false)])
        }
        #expect(try session.findObjects([.label("five")]).count == 5)
        #expect(try session.findObjects([.label("five")], limit: 3).count == 3)
        #expect(try session.findObjects([.label("five")], limit: 0).isEmpty)
        #expect(try session.findObjects([.label("five"), .class(.privateKey)]).isEmpty)
        #expect(try session.findObjects([]).count >= 5)
    }

    @Test func `more objects than fit into one batch are all found, each once`() throws {
        let session = try Self.token.session()
        let made = try (0..<300).map { _ in
            try session.createObject([.class(.data), .label("many"), .value([1]), .token(false)])
        }
        let found = try session.findObjects([.class(.data), .label("many")])
        #expect(found.count == 300)
        #expect(Set(found).symmetricDifference(made).isEmpty)
    }

    @Test func `a token object outlives its session, a destroyed one is gone`() throws {
        do {
            let session = try Self.token.session()
            _ = try session.generateKey(.aesKeyGen, [.valueLength(32), .label("stays"), .token(true)])
        }
        let session = try Self.token.session()
        let found = try session.findObjects([.label("stays")])
        #expect(found.count == 1)
        try session.destroyObject(found[0])
        #expect(try session.findObjects([.label("stays")]).isEmpty)
        #expect(throws: PKCS11Error.returned(.objectHandleInvalid, from: .destroyObject)) {
            try session.destroyObject(found[0])
        }
    }

    @Test func `a copy has the attributes of the original, but for those that the template changes`() throws {
        let session = try Self.token.session()
        let original = try session.createObject(
            [.class(.data), .label("original"), .value([1, 2, 3]), .token(false), .copyable(true)])
        let copy = try session.copyObject(original, template: [.label("copy")])
        #expect(copy != original)
        #expect(try session.bytes(.value, of: copy) == [1, 2, 3])
        #expect(try session.bytes(.label, of: copy) == Array("copy".utf8))
        #expect(try session.bytes(.label, of: original) == Array("original".utf8))
    }

    @Test func `a key that must not be copied is not`() throws {
        let session = try Self.token.session()
        let key = try session.generateKey(.aesKeyGen, [.valueLength(32), .copyable(false)])
        #expect(throws: PKCS11Error.returned(.actionProhibited, from: .copyObject)) {
            try session.copyObject(key, template: [.label("copy")])
        }
    }

    @Test func `attributes change where the object allows it`() throws {
        let session = try Self.token.session()
        let key = try session.generateKey(.aesKeyGen, [.valueLength(32), .label("before"), .extractable(true)])
        try session.setAttributes(of: key, [.label("after"), .extractable(false)])
        #expect(try session.bytes(.label, of: key) == Array("after".utf8))
        #expect(try session.bool(.extractable, of: key) == false)
        #expect(throws: PKCS11Error.returned(.attributeReadOnly, from: .setAttributeValue)) {
            try session.setAttributes(of: key, [.extractable(true)])
        }
    }

    @Test func `a template that leaves out what the token needs is incomplete`() throws {
        let session = try Self.token.session()
        #expect(throws: PKCS11Error.returned(.templateIncomplete, from: .generateKey)) {
            try session.generateKey(.aesKeyGen, [])
        }
    }
}
