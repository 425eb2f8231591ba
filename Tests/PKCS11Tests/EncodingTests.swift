import CPKCS11
import Testing

@testable import PKCS11

@Suite
struct EncodingTests {
    @Test func `a template keeps its order, and each value its form`() throws {
        let template: Template = [
            .class(.secretKey), .token(true), .private(false), .label("ä"), .id([]), .valueLength(32),
            .allowedMechanisms([.aesGCM, .aesKeyWrap]),
        ]
        try template.withCAttributes { (list, count) throws(PKCS11Error) in
            #expect(count == 7)
            let list = Array(UnsafeBufferPointer(start: list, count: Int(count)))
            #expect(list.map(\.type) == template.attributes.map(\.type.rawValue))
            #expect(list.map(\.ulValueLen) == [8, 1, 1, 2, 0, 8, 16])
            let values = list.map { Array(UnsafeRawBufferPointer(start: $0.pValue, count: Int($0.ulValueLen))) }
            #expect(values[0] == [4, 0, 0, 0, 0, 0, 0, 0])
            #expect(values[1] == [1])
            #expect(values[2] == [0])
            #expect(values[3] == [0xC3, 0xA4])
            #expect(values[6] == [0x87, 0x10, 0, 0, 0, 0, 0, 0, 0x09, 0x21, 0, 0, 0, 0, 0, 0])
            for attribute in list where attribute.ulValueLen == 8 {
                #expect(UInt(bitPattern: attribute.pValue).isMultiple(of: 8))
            }
        }
    }

    @Test func `templates nest, to any depth`() throws {
        let template: Template = [
            .token(true), .unwrapTemplate([.label("abc"), .wrapTemplate([.sensitive(true)]), .unwrapTemplate([])]),
            .label("outer"),
        ]
        try template.withCAttributes { (list, count) throws(PKCS11Error) in
            let list = UnsafeBufferPointer(start: list, count: Int(count))
            #expect(list[1].ulValueLen == 3 * 24)
            let inner = list[1].pValue!.assumingMemoryBound(to: CK_ATTRIBUTE.self)
            #expect(inner[0].type == CKA_LABEL)
            #expect(Array(UnsafeRawBufferPointer(start: inner[0].pValue, count: 3)) == Array("abc".utf8))
            #expect(inner[1].type == AttributeType.wrapTemplate.rawValue)
            #expect(inner[1].ulValueLen == 24)
            let innermost = inner[1].pValue!.assumingMemoryBound(to: CK_ATTRIBUTE.self)
            #expect(innermost[0].type == CKA_SENSITIVE)
            #expect(innermost[0].pValue!.load(as: UInt8.self) == 1)
            #expect(inner[2].ulValueLen == 0)
            #expect(Array(UnsafeRawBufferPointer(start: list[2].pValue, count: 5)) == Array("outer".utf8))
        }
    }

    @Test func `an empty template is none`() throws {
        try Template([]).withCAttributes { (list, count) throws(PKCS11Error) in
            #expect(list == nil && count == 0)
        }
    }

    @Test func `attributes do not print their values`() {
        let attribute = Attribute.value([0x61, 0x62])
        var dumped = ""
        dump(attribute, to: &dumped)
        #expect("\(attribute)" == "CKA_VALUE: 2 bytes")
        #expect(!dumped.contains("97"))
        #expect("\(Attribute.unwrapTemplate([.token(true)]))" == "CKA_UNWRAP_TEMPLATE: [CKA_TOKEN: true]")
    }

    @Test func `GCM parameters: lengths in bytes and bits agree, no context is a null pointer`() throws {
        try Mechanism.aesGCM(iv: [UInt8](0..<12), aad: [], tagBits: 96).withCMechanism {
            (mechanism) throws(PKCS11Error) in
            #expect(mechanism.pointee.mechanism == CKM_AES_GCM)
            #expect(mechanism.pointee.ulParameterLen == 48)
            let parameters = mechanism.pointee.pParameter!.load(as: CK_GCM_PARAMS.self)
            #expect(parameters.ulIvLen == 12 && parameters.ulIvBits == 96)
            #expect(parameters.pAAD == nil && parameters.ulAADLen == 0)
            #expect(parameters.ulTagBits == 96)
            #expect(Array(UnsafeBufferPointer(start: parameters.pIv, count: 12)) == [UInt8](0..<12))
        }
    }

    @Test func `RSA-AES key wrap: OAEP parameters hang below`() throws {
        let mechanism = Mechanism.rsaAESKeyWrap(aesKeyBits: 256, hash: .sha256, mgf: .sha384, label: [5])
        try mechanism.withCMechanism { (mechanism) throws(PKCS11Error) in
            #expect(mechanism.pointee.mechanism == 0x1054)
            #expect(mechanism.pointee.ulParameterLen == 16)
            let parameters = mechanism.pointee.pParameter!.load(as: CPKCS11_RSA_AES_KEY_WRAP_PARAMS.self)
            #expect(parameters.ulAESKeyBits == 256)
            let oaep = parameters.pOAEPParams.pointee
            #expect(oaep.hashAlg == CKM_SHA256 && oaep.mgf == CKG_MGF1_SHA384 && oaep.source == CKZ_DATA_SPECIFIED)
            #expect(oaep.ulSourceDataLen == 1 && oaep.pSourceData.load(as: UInt8.self) == 5)
        }
    }

    @Test func `padded texts end before their blanks and zeroes`() {
        #expect(String(padded: UInt32(bigEndian: 0x6120_6220)) == "a b")
        #expect(String(padded: UInt32(bigEndian: 0x2020_2020)) == "")
        #expect(String(padded: UInt32(bigEndian: 0x6100_0000)) == "a")
        #expect(String(padded: UInt32(bigEndian: 0x2061_FF20)) == " a\u{FFFD}")
    }
}
