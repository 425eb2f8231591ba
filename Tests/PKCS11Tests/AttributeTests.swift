import PKCS11
import Testing

@Suite
struct AttributeTests {
    static let token = TestToken()

    @Test func `a generated key says where it comes from`() throws {
        let session = try Self.token.session()
        let key = try session.generateKey(
            .aesKeyGen, [.valueLength(32), .sensitive(true), .extractable(false), .id([7, 8]), .label("ä")])
        #expect(try session.bool(.local, of: key))
        #expect(try session.bool(.alwaysSensitive, of: key))
        #expect(try session.bool(.neverExtractable, of: key))
        #expect(try session.number(.class, of: key) == ObjectClass.secretKey.rawValue)
        #expect(try session.number(.keyType, of: key) == KeyType.aes.rawValue)
        #expect(try session.number(.valueLength, of: key) == 32)
        #expect(try session.number(.keyGenMechanism, of: key) == MechanismType.aesKeyGen.rawValue)
        #expect(try session.bytes(.id, of: key) == [7, 8])
        #expect(try session.bytes(.label, of: key) == Array("ä".utf8))
        #expect(try session.bytes(.startDate, of: key) == [])
    }

    @Test func `the value of a sensitive key is not shown`() throws {
        let session = try Self.token.session()
        let key = try session.generateKey(.aesKeyGen, [.valueLength(32), .sensitive(true), .extractable(true)])
        #expect(throws: PKCS11Error.returned(.attributeSensitive, from: .getAttributeValue)) {
            try session.bytes(.value, of: key)
        }
        var memory = [UInt8](repeating: 0xAA, count: 32)
        #expect(throws: PKCS11Error.returned(.attributeSensitive, from: .getAttributeValue)) {
            try memory.withUnsafeMutableBytes { memory in try session.read(.value, of: key, into: memory) }
        }
        #expect(memory == [UInt8](repeating: 0, count: 32))
    }

    @Test func `an attribute that the object does not have is an invalid type`() throws {
        let session = try Self.token.session()
        let key = try session.generateKey(.aesKeyGen, [.valueLength(32)])
        #expect(throws: PKCS11Error.returned(.attributeTypeInvalid, from: .getAttributeValue)) {
            try session.bytes(.modulus, of: key)
        }
    }

    @Test func `a value that does not fit is not written`() throws {
        let session = try Self.token.session()
        let object = try session.createObject([.class(.data), .value([1, 2, 3, 4]), .token(false)])
        var memory: [UInt8] = [0, 0, 0]
        #expect(throws: PKCS11Error.returned(.bufferTooSmall, from: .getAttributeValue)) {
            try memory.withUnsafeMutableBytes { memory in try session.read(.value, of: object, into: memory) }
        }
        var enough = [UInt8](repeating: 9, count: 6)
        let count = try enough.withUnsafeMutableBytes { memory in try session.read(.value, of: object, into: memory) }
        #expect(count == 4)
        #expect(enough == [1, 2, 3, 4, 0, 0])
    }

    @Test func `many attributes are read at once, without those that cannot be had`() throws {
        let session = try Self.token.session()
        let key = try session.generateKey(
            .aesKeyGen,
            [
                .valueLength(32), .label("many"), .sensitive(true), .wrap(true),
                .allowedMechanisms([.aesKeyWrap, .aesGCM]),
            ])
        let values = try session.attributes(
            [.label, .value, .wrap, .encrypt, .modulus, .valueLength, .allowedMechanisms, .startDate], of: key)
        #expect(values.string(.label) == "many")
        #expect(values.bool(.wrap) == true)
        #expect(values.number(.valueLength) == 32)
        #expect(values[.value] == nil)
        #expect(values[.modulus] == nil)
        #expect(values[.startDate] == [])
        #expect(values.bool(.label) == nil)
        #expect(values.number(.wrap) == nil)
        #expect(Set(values.mechanisms(.allowedMechanisms) ?? []) == [.aesKeyWrap, .aesGCM])
        #expect(try session.attributes([], of: key) == session.attributes([.modulus], of: key))
    }

    @Test func `a template inside a key is read back`() throws {
        let session = try Self.token.session()
        let key = try session.generateKey(
            .aesKeyGen,
            [
                .valueLength(32), .unwrap(true),
                .unwrapTemplate([.sensitive(true), .extractable(false), .label("inner")]),
            ])
        let inner = try session.template(.unwrapTemplate, of: key)
        #expect(inner.bool(.sensitive) == true)
        #expect(inner.bool(.extractable) == false)
        #expect(inner.string(.label) == "inner")
    }
}
