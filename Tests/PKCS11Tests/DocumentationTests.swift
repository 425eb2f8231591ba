import PKCS11
import Testing

@Suite
struct DocumentationTests {
    private enum Usage: Error {
        case noModule
        case noSuchToken
        case noSuchKey
    }

    @Test func `it runs, and what it encrypts it decrypts`() throws {
        let token = TestToken(loggedIn: false)
        let pin = TestToken.userPIN
        let serial = try token.slot.tokenInfo().serialNumber

        let uri = try PKCS11URI("pkcs11:serial=\(serial)?module-path=\(SoftHSM.path)")
        guard let path = uri.modulePath else { throw Usage.noModule }
        let module = try Module.load(path: path)
        defer { module.finalize() }

        guard let slot = try module.slots(matching: uri).first else { throw Usage.noSuchToken }
        let session = try slot.openSession(.readWrite)
        try session.login(.user, pin: pin)

        let template: Template = [.class(.secretKey), .keyType(.aes), .label("orders")]
        let generated = try session.generateKey(
            .aesKeyGen,
            template + [
                .valueLength(32), .token(true), .encrypt(true), .decrypt(true), .sensitive(true), .extractable(false),
            ])
        guard let key = try session.findObjects(template, limit: 1).first else { throw Usage.noSuchKey }

        let mechanism = Mechanism.aesGCM(iv: try session.generateRandom(count: 12), aad: Array("order 17".utf8))
        let ciphertext = try session.encrypt("a secret".utf8, with: key, mechanism)
        let plaintext = try session.decrypt(ciphertext, with: key, mechanism)

        #expect(plaintext == Array("a secret".utf8))
        #expect(key == generated)
        do throws(PKCS11Error) {
            try session.login(.user, pin: pin)
            Issue.record("a second login succeeded")
        } catch {
            guard error == .returned(.userAlreadyLoggedIn, from: .login) else { throw error }
            // Another session of this process did it.
        }
    }
}
