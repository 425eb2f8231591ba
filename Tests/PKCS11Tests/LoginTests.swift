import PKCS11
import Testing

/// Tests of login, with one token each, because a login counts for all sessions with a token.
@Suite
struct LoginTests {
    @Test func `the right PIN logs in, and out again`() throws {
        let session = try TestToken(loggedIn: false).session()
        #expect(try session.info().state == .readWritePublic)
        try session.login(.user, pin: TestToken.userPIN)
        #expect(try session.info().state == .readWriteUser)
        #expect(try session.info().state.isUserLoggedIn)
        try session.logout()
        #expect(try session.info().state == .readWritePublic)
    }

    @Test func `a wrong PIN is incorrect, and the token counts it`() throws {
        let token = TestToken(loggedIn: false)
        let session = try token.session()
        #expect(throws: PKCS11Error.returned(.pinIncorrect, from: .login)) {
            try session.login(.user, pin: PIN("0000".utf8))
        }
        #expect(try token.slot.tokenInfo().flags.contains(.userPINCountLow))
        try session.login(.user, pin: TestToken.userPIN)
        #expect(try !token.slot.tokenInfo().flags.contains(.userPINCountLow))
    }

    @Test func `a second login is refused, from another session too`() throws {
        let token = TestToken()
        let session = try token.session()
        #expect(throws: PKCS11Error.returned(.userAlreadyLoggedIn, from: .login)) {
            try session.login(.user, pin: TestToken.userPIN)
        }
        #expect(throws: PKCS11Error.returned(.userAnotherAlreadyLoggedIn, from: .login)) {
            try session.login(.securityOfficer, pin: TestToken.securityOfficerPIN)
        }
    }

    @Test func `the security officer logs in, in a read/write session only`() throws {
        let token = TestToken(loggedIn: false)
        let session = try token.session()
        do {
            let reading = try token.slot.openSession(.readOnly)
            #expect(throws: PKCS11Error.returned(.sessionReadOnlyExists, from: .login)) {
                try session.login(.securityOfficer, pin: TestToken.securityOfficerPIN)
            }
            _ = try reading.info()
        }
        try session.login(.securityOfficer, pin: TestToken.securityOfficerPIN)
        #expect(try session.info().state == .readWriteSecurityOfficer)
    }

    @Test func `a user changes the PIN`() throws {
        let session = try TestToken().session()
        let new = PIN("a new one".utf8)
        try session.setPIN(old: TestToken.userPIN, new: new)
        try session.logout()
        #expect(throws: PKCS11Error.returned(.pinIncorrect, from: .login)) {
            try session.login(.user, pin: TestToken.userPIN)
        }
        try session.login(.user, pin: new)
    }

    @Test func `a PIN that is too short is refused when it is set`() throws {
        let session = try TestToken().session()
        #expect(throws: PKCS11Error.returned(.pinLenRange, from: .setPIN)) {
            try session.setPIN(old: TestToken.userPIN, new: PIN("123".utf8))
        }
    }
}

@Suite
struct PINTests {
    @Test func `a PIN is never printed`() {
        let pin = PIN("secret".utf8)
        var dumped = ""
        dump(pin, to: &dumped)
        for text in ["\(pin)", String(describing: pin), String(reflecting: pin), dumped, "\([pin])"] {
            #expect(!text.contains("secret") && !text.contains("115"))
        }
    }

    @Test func `PINs are equal by their bytes`() {
        #expect(PIN("1234".utf8) == PIN("1234".utf8))
        #expect(PIN("1234".utf8) != PIN("1235".utf8))
        #expect(PIN("1234".utf8) != PIN("12345".utf8))
        #expect(PIN([]) == PIN([]))
    }

    @Test func `a PIN lends its bytes, also when they come in pieces`() {
        let pin = PIN([[1, 2], [3]].joined().lazy.map(UInt8.init).reversed())
        #expect(pin.withUnsafeBytes { Array($0) } == [3, 2, 1])
        #expect(pin.count == 3)
    }
}
