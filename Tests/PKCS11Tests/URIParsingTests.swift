import PKCS11
import Testing

@Suite
struct URIParsingTests {
    @Test func `every attribute of RFC 7512 is read`() throws {
        let uri = try PKCS11URI(
            """
            pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;manufacturer=Snake%20Oil,%20Inc.;model=1.0;serial=00ff;\
            slot-id=327;slot-description=a;slot-manufacturer=b;library-manufacturer=c;library-description=d;\
            library-version=2.40;object=my-key;type=secret-key;id=%69%95%3E%5C%F4%BD%EC%91\
            ?module-path=/usr/lib/lib.so&module-name=lib&pin-source=file:/etc/token_pin&pin-value=12%2634
            """)
        #expect(uri.token == "The Software PKCS#11 Softtoken")
        #expect(uri.manufacturer == "Snake Oil, Inc.")
        #expect(uri.model == "1.0")
        #expect(uri.serial == "00ff")
        #expect(uri.slotID == 327)
        #expect(uri.slotDescription == "a")
        #expect(uri.slotManufacturer == "b")
        #expect(uri.libraryManufacturer == "c")
        #expect(uri.libraryDescription == "d")
        #expect(uri.libraryVersion == Version(major: 2, minor: 40))
        #expect(uri.object == "my-key")
        #expect(uri.type == .secretKey)
        #expect(uri.id == [0x69, 0x95, 0x3E, 0x5C, 0xF4, 0xBD, 0xEC, 0x91])
        #expect(uri.modulePath == "/usr/lib/lib.so")
        #expect(uri.moduleName == "lib")
        #expect(uri.pinSource == "file:/etc/token_pin")
        #expect(uri.pinValue == PIN("12&34".utf8))
    }

    @Test func `a string for the module is read, with its blanks encoded, and written again`() throws {
        let text = "pkcs11:token=a?module-path=/b.so&x-init-reserved=configdir='sql:/c'%20secmod='d'%20flags="
        let uri = try PKCS11URI(text)
        #expect(uri.initReserved == "configdir='sql:/c' secmod='d' flags=")
        #expect(uri.vendorQueryAttributes == [])
        #expect("\(uri)" == text)
    }

    @Test(arguments: ["pkcs11:", "pkcs11:?", "PKCS11:"]) func `a URI may say nothing`(text: String) throws {
        #expect(try PKCS11URI(text) == PKCS11URI())
    }

    @Test func `an empty value is a value`() throws {
        let uri = try PKCS11URI("pkcs11:token=;id=")
        #expect(uri.token == "")
        #expect(uri.id == [])
        #expect(uri.manufacturer == nil)
    }

    @Test func `a value may hold an equals sign, a query a question mark, a path an ampersand`() throws {
        let uri = try PKCS11URI("pkcs11:token=:[]@!$'()*+,=&?vendor=:[]@!$'()*+,=/?|")
        #expect(uri.token == ":[]@!$'()*+,=&")
        #expect(uri.vendorQueryAttributes == [.init(name: "vendor", value: ":[]@!$'()*+,=/?|")])
    }

    @Test func `unknown attributes are vendors' and kept; in the query also when they repeat`() throws {
        let uri = try PKCS11URI("pkcs11:x-one=1;two_2=%C3%A4?x=1&x=2")
        #expect(uri.vendorPathAttributes == [.init(name: "x-one", value: "1"), .init(name: "two_2", value: "ä")])
        #expect(uri.vendorQueryAttributes == [.init(name: "x", value: "1"), .init(name: "x", value: "2")])
    }

    @Test(arguments: [
        ("public", ObjectClass.publicKey), ("private", .privateKey), ("cert", .certificate),
        ("secret-key", .secretKey),
        ("data", .data),
    ])
    func `all classes of objects have a name`(name: String, objectClass: ObjectClass) throws {
        #expect(try PKCS11URI("pkcs11:type=\(name)").type == objectClass)
    }

    @Test func `a version without a minor part has zero`() throws {
        #expect(try PKCS11URI("pkcs11:library-version=3").libraryVersion == Version(major: 3, minor: 0))
    }

    @Test(
        arguments: [
            ("", .wrongScheme, nil, 0),
            ("pkcs11", .wrongScheme, nil, 0),
            ("pkcs12:token=a", .wrongScheme, nil, 0),
            (" pkcs11:token=a", .wrongScheme, nil, 0),
            ("pkcs11:token", .missingEqualsSign, "token", 12),
            ("pkcs11:token=a;", .invalidName, nil, 15),
            ("pkcs11:;token=a", .invalidName, nil, 7),
            ("pkcs11:=a", .invalidName, nil, 7),
            ("pkcs11:to ken=a", .invalidName, nil, 9),
            ("pkcs11:tökén=a", .invalidName, nil, 8),
            ("pkcs11:token=a&b c", .forbiddenCharacter, "token", 16),
            ("pkcs11:token=a/b", .forbiddenCharacter, "token", 14),
            ("pkcs11:token=ä", .forbiddenCharacter, "token", 13),
            ("pkcs11:token=a#b", .forbiddenCharacter, "token", 14),
            ("pkcs11:token=%4", .invalidPercentEncoding, "token", 13),
            ("pkcs11:token=a%", .invalidPercentEncoding, "token", 14),
            ("pkcs11:token=%4g", .invalidPercentEncoding, "token", 13),
            ("pkcs11:token=%+1", .invalidPercentEncoding, "token", 13),
            ("pkcs11:token=%FF", .notUTF8, "token", 13),
            ("pkcs11:x=%C0%80", .notUTF8, "x", 9),
            ("pkcs11:token=a;token=b", .duplicate, "token", 21),
            ("pkcs11:x=a;x=b", .duplicate, "x", 13),
            ("pkcs11:?pin-source=a&pin-source=a", .duplicate, "pin-source", 32),
            ("pkcs11:?x-init-reserved=a&x-init-reserved=b", .duplicate, "x-init-reserved", 42),
            ("pkcs11:x-init-reserved=a", .wrongComponent, "x-init-reserved", 23),
            ("pkcs11:pin-value=1234", .wrongComponent, "pin-value", 17),
            ("pkcs11:?token=a", .wrongComponent, "token", 14),
            ("pkcs11:slot-id=-1", .invalidValue(expected: "a decimal number"), "slot-id", 15),
            ("pkcs11:slot-id=", .invalidValue(expected: "a decimal number"), "slot-id", 15),
            ("pkcs11:slot-id=18446744073709551616", .invalidValue(expected: "a decimal number"), "slot-id", 15),
        ] as [(String, PKCS11URIError.Reason, String?, Int)])
    func `mistakes are refused, with the attribute and the place`(
        text: String, reason: PKCS11URIError.Reason, attribute: String?, offset: Int
    ) throws {
        let error = try #require(throws: PKCS11URIError.self) { try PKCS11URI(text) }
        #expect(error.reason == reason)
        #expect(error.attribute == attribute)
        #expect(error.offset == offset)
    }

    @Test(arguments: [
        "library-version=2.40.1", "library-version=256", "library-version=2.", "library-version=.1",
        "library-version=+2",
        "type=key", "type=Public", "type=",
    ])
    func `values that an attribute cannot have are refused`(attribute: String) throws {
        let error = try #require(throws: PKCS11URIError.self) { try PKCS11URI("pkcs11:\(attribute)") }
        guard case .invalidValue = error.reason else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func `an error says what is wrong, and never repeats a PIN`() throws {
        let error = try #require(throws: PKCS11URIError.self) { try PKCS11URI("pkcs11:?pin-value=12 34") }
        #expect(
            "\(error)"
                == "not a PKCS #11 URI: attribute “pin-value”: this character must be percent-encoded (at byte 20)")
    }
}
