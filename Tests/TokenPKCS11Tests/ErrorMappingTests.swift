import KeyManagement
import PKCS11
import Testing

@testable import TokenPKCS11

/// The table of the meanings of return values, written by hand.
@Suite struct ErrorMappingTests {
    @Test(arguments: [
        (ReturnValue.aeadDecryptFailed, Function.decrypt, "rejected"),
        (.generalError, .decrypt, "unavailable"),
        (.functionFailed, .decrypt, "unavailable"),
        (.encryptedDataInvalid, .decrypt, "rejected"),
        (.encryptedDataLenRange, .decrypt, "rejected"),
        (.generalError, .encrypt, "unavailable"),
        (.generalError, .unwrapKey, "unwrapFailed"),
        (.wrappedKeyInvalid, .unwrapKey, "unwrapFailed"),
        (.deviceRemoved, .decrypt, "unavailable"),
        (.deviceRemoved, .unwrapKey, "unavailable"),
        (.sessionHandleInvalid, .sign, "unavailable"),
        (.unwrappingKeyHandleInvalid, .unwrapKey, "unavailable"),
        (.hostMemory, .unwrapKey, "busy"),
        (.userNotLoggedIn, .unwrapKey, "unavailable"),
        (.keyHandleInvalid, .encryptInit, "unavailable"),
        (.sessionCount, .openSession, "busy"),
        (.mechanismInvalid, .encryptInit, "failed"),
    ])
    func `function and code together say what it is`(_ code: ReturnValue, _ function: Function, _ expected: String) {
        let error = TokenError(PKCS11Error.returned(code, from: function))
        let kind =
            switch error {
            case .busy: "busy"
            case .unavailable: "unavailable"
            case .rejected: "rejected"
            case .unwrapFailed: "unwrapFailed"
            case .unsupported: "unsupported"
            case .failed: "failed"
            }
        #expect(kind == expected)
    }

    @Test func `the cause stays in the text, with its code`() {
        let error = TokenError(PKCS11Error.returned(ReturnValue(rawValue: 0x8000_1234), from: .sign))
        #expect("\(error)".contains("C_Sign"))
        #expect("\(error)".contains("0x80001234"))
    }
}
