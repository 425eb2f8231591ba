import Foundation
import PKCS11
import Testing

@Suite
struct URIMatchingTests {
    static let token = TestToken()
    /// The encoding of `test ö/; 1`.
    static let encodedLabel = "test%20%C3%B6%2F%3B%20" + token.label.split(separator: " ").last!

    @Test func `a URI finds its token, by any of its attributes`() throws {
        let info = try Self.token.slot.tokenInfo()
        let texts = [
            "pkcs11:", "pkcs11:token=\(Self.encodedLabel)", "pkcs11:serial=\(info.serialNumber)",
            "pkcs11:manufacturer=SoftHSM%20project;model=SoftHSM%20v2;token=\(Self.encodedLabel)",
            "pkcs11:slot-id=\(Self.token.slot.id)", "pkcs11:object=whatever?module-path=/elsewhere",
        ]
        for text in texts { #expect(try PKCS11URI(text).matches(info, slotID: Self.token.slot.id)) }
    }

    @Test(arguments: [
        "pkcs11:token=test", "pkcs11:token=\(encodedLabel.uppercased())", "pkcs11:serial=0",
        "pkcs11:manufacturer=SoftHSM", "pkcs11:model=", "pkcs11:slot-id=\(token.slot.id + 1)", "pkcs11:vendor=1",
        // The same letter, composed of two code points.
        "pkcs11:token=\(encodedLabel.replacingOccurrences(of: "%C3%B6", with: "o%CC%88"))",
    ])
    func `a URI does not match another token`(text: String) throws {
        #expect(try !PKCS11URI(text).matches(Self.token.slot.tokenInfo(), slotID: Self.token.slot.id))
    }

    @Test func `a module finds the slots that a URI means`() throws {
        let module = SoftHSM.module
        let slot = Self.token.slot
        #expect(
            try module.slots(matching: PKCS11URI("pkcs11:token=\(Self.encodedLabel);library-manufacturer=SoftHSM")) == [
                slot
            ])
        #expect(
            try module.slots(matching: PKCS11URI("pkcs11:slot-id=\(slot.id);slot-manufacturer=SoftHSM%20project")) == [
                slot
            ])
        #expect(try module.slots(matching: PKCS11URI("pkcs11:library-description=Other")).isEmpty)
        #expect(try module.slots(matching: PKCS11URI("pkcs11:library-version=1")).isEmpty)
        #expect(try module.slots(matching: PKCS11URI("pkcs11:slot-description=Other")).isEmpty)
    }

    @Test func `a URI gives the template to find its object with`() throws {
        #expect(
            try PKCS11URI("pkcs11:object=a;type=private;id=%01").objectTemplate
                == [.class(.privateKey), .label("a"), .id([1])])
        #expect(try PKCS11URI("pkcs11:token=a").objectTemplate == [])
    }

    @Test(arguments: [
        "pkcs11:", "pkcs11:token=a%20b%3B%25;object=%2F?module-path=/a%26b",
        "pkcs11:library-version=2.40;type=cert;id=%00%FF;x=1?pin-source=file:/p&y=1&y=2",
    ])
    func `printed and read again a URI is the same`(text: String) throws {
        let uri = try PKCS11URI(text)
        #expect(uri.description == text)
        #expect(try PKCS11URI(uri.description) == uri)
    }

    @Test func `a PIN in a URI is not printed`() throws {
        let uri = try PKCS11URI("pkcs11:token=a?pin-value=hunter2&module-name=m")
        #expect("\(uri)" == "pkcs11:token=a?module-name=m")
        var dumped = ""
        dump(uri, to: &dumped)
        #expect(!dumped.contains("hunter2") && !String(reflecting: uri).contains("hunter2"))
    }
}
