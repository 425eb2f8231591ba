import PKCS11
import Testing

@Suite("encryption")
struct EncryptionTests {
    static let token = try! TestToken(label: "encryption")

    @Test("GCM round trip")
    func roundTrip() throws {
        let session = try Self.token.session()
        let key = try session.generateKey(.aesKeyGen, [.valueLength(32), .encrypt(true), .decrypt(true)])
        let mechanism = Mechanism.aesGCM(iv: Array(repeating: 1, count: 12), aad: Array("aad".utf8))
        let ciphertext = try session.encrypt(Array("hello".utf8), with: key, mechanism)
        #expect(ciphertext.count == 21)
        #expect(try session.decrypt(ciphertext, with: key, mechanism) == Array("hello".utf8))
    }
}
