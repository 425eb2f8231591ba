import PKCS11
import Testing

@Suite
struct SlotTests {
    static let token = TestToken()

    @Test func `a module says who made it`() throws {
        let info = try SoftHSM.module.info()
        #expect(info.manufacturer == "SoftHSM")
        #expect(info.cryptokiVersion == Version(major: 2, minor: 40))
        #expect(info.libraryVersion >= Version(major: 2, minor: 6))
    }

    @Test func `an initialized token has its label, a serial number and its flags`() throws {
        let info = try Self.token.slot.tokenInfo()
        #expect(info.label == Self.token.label)
        #expect(info.manufacturer == "SoftHSM project")
        #expect(info.serialNumber.count == 16)
        #expect(info.flags.isSuperset(of: [.isInitialized, .userPINInitialized, .loginRequired, .hasRNG]))
        #expect(info.flags.isDisjoint(with: [.userPINLocked, .writeProtected]))
        #expect(info.maxSessions == .max)
        #expect(info.minPINLength == 4)
        #expect(info.maxPINLength == 255)
        #expect(info.freePublicMemory == nil)
    }

    @Test func `a slot knows its token's mechanisms and their key sizes`() throws {
        let mechanisms = try Self.token.slot.mechanisms()
        #expect(mechanisms.contains(.aesGCM))
        #expect(mechanisms.contains(.aesKeyWrapPad))
        #expect(!mechanisms.contains(.aesKeyWrapKWP))
        let info = try Self.token.slot.mechanismInfo(.rsaPKCSKeyPairGen)
        #expect(info.flags.contains(.generateKeyPair))
        #expect(info.maxKeySize == 16384)
    }

    @Test func `a label of more than 32 bytes is refused before the token is touched`() throws {
        #expect(throws: PKCS11Error.returned(.argumentsBad, from: .initToken)) {
            try Self.token.slot.initializeToken(
                label: String(repeating: "ä", count: 17), securityOfficerPIN: TestToken.securityOfficerPIN)
        }
        #expect(try Self.token.slot.tokenInfo().label == Self.token.label)
    }

    @Test func `a token with open sessions is not initialized again`() throws {
        #expect(throws: PKCS11Error.returned(.sessionExists, from: .initToken)) {
            try Self.token.slot.initializeToken(label: "again", securityOfficerPIN: TestToken.securityOfficerPIN)
        }
    }
}
