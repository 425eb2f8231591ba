import CPKCS11
import Foundation
import Testing

@testable import PKCS11

@Suite
struct ErrorTests {
    @Test func `an error says which function returned what`() {
        let error = PKCS11Error.returned(.pinIncorrect, from: .login)
        #expect("\(error)" == "C_Login returned CKR_PIN_INCORRECT (0xA0)")
        #expect(error.code == .pinIncorrect)
        #expect(error.function == .login)
        #expect(
            "\(PKCS11Error.moduleNotLoaded(path: "/a", reason: "no such file"))"
                == "cannot load the PKCS #11 module /a: no such file")
        #expect(
            "\(PKCS11Error.malformedAnswer(from: .sign, "a length of 9"))"
                == "C_Sign gave a malformed answer: a length of 9")
    }

    @Test func `unknown values print as numbers`() {
        #expect("\(ReturnValue(rawValue: 0x8000_00AF))" == "0x800000AF")
        #expect(ReturnValue(rawValue: 0x8000_00AF).isVendorDefined)
        #expect(!ReturnValue.keyExhausted.isVendorDefined)
        #expect("\(MechanismType(rawValue: 0x8000_0001))" == "CKM_0x80000001")
        #expect("\(AttributeType(rawValue: 0x8000_0001))" == "CKA_0x80000001")
    }

    @Test func `names are those of the standard`() {
        #expect("\(MechanismType.aesGCM)" == "CKM_AES_GCM")
        #expect("\(Mechanism.aesKeyWrapKWP)" == "CKM_AES_KEY_WRAP_KWP")
        #expect("\(AttributeType.unwrapTemplate)" == "CKA_UNWRAP_TEMPLATE")
        #expect("\(ReturnValue.aeadDecryptFailed)" == "CKR_AEAD_DECRYPT_FAILED (0x42)")
        #expect("\(Function.getAttributeValue)" == "C_GetAttributeValue")
    }

    /// The header is the standard's own list; the tables are written by hand.
    @Test func `every return value of the header has its name`() throws {
        let header = try String(contentsOfFile: "/usr/include/p11-kit-1/p11-kit/pkcs11.h", encoding: .utf8)
        var count = 0
        for match in header.matches(of: /#define\s+(CKR_\w+)\s+\((0x[0-9a-fA-F]+|\d+)UL\)/) {
            let text = match.2
            let number = try #require(text.hasPrefix("0x") ? UInt(text.dropFirst(2), radix: 16) : UInt(text))
            #expect(ReturnValue.names[number] == String(match.1))
            count += 1
        }
        #expect(count > 90)
        #expect(Function.allCases.count == 68)
    }

    @Test func `the numbers that p11-kit's header lacks are those of the standard`() {
        #expect(MechanismType.aesKeyWrapKWP.rawValue == 0x210B)
        #expect(KeyType.ecMontgomery.rawValue == 0x41)
        #expect(AttributeType.unwrapTemplate.rawValue == 0x4000_0212)
        #expect(AttributeType.allowedMechanisms.rawValue == 0x4000_0600)
        #expect(ReturnValue.tokenResourceExceeded.rawValue == 0x201)
    }
}
