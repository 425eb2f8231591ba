internal import KeyManagement
internal import PKCS11

extension TokenProbe {
    /// Returns true if AES-GCM works as the ciphertext format requires, and refuses what it must refuse.
    static func probeGCM(_ bench: inout ProbeRun) -> Bool {
        let group = "AES-GCM"
        let before = bench.lines.count
        let template: Template = [
            .class(.secretKey), .keyType(.aes), .valueLength(32), .token(false), .private(true), .sensitive(true),
            .extractable(false), .encrypt(true), .decrypt(true), .wrap(false), .unwrap(false),
        ]
        guard
            let key = bench.expect(
                group, "generate an AES-256 key that only encrypts and decrypts",
                { session in
                    try session.generateKey(.aesKeyGen, template)
                })
        else { return false }
        _ = bench.discardLater(key)
        let plaintext = Array("thirty-two bytes of a plaintext.".utf8)
        let nonce = [UInt8](repeating: 7, count: SealedBox.nonceLength)
        let mechanism = Mechanism.aesGCM(iv: nonce, aad: Array("context".utf8), tagBits: 128)
        let box = bench.expect(
            group, "encrypt and decrypt, 96-bit nonce, 128-bit tag, additional data",
            { session in
                let box = try session.encrypt(plaintext, with: key, mechanism)
                guard box.count == plaintext.count + SealedBox.tagLength else {
                    throw ProbeFinding("makes \(box.count) bytes of \(plaintext.count), not 16 more")
                }
                guard try session.decrypt(box, with: key, mechanism) == plaintext else {
                    throw ProbeFinding("decrypts to something else")
                }
                return box
            })
        guard let box else { return false }
        refuseDecryption("a wrong tag", of: box.dropLast() + [box[box.count - 1] ^ 1], with: key, mechanism, &bench)
        refuseDecryption("a changed ciphertext", of: [box[0] ^ 1] + box.dropFirst(), with: key, mechanism, &bench)
        refuseDecryption("a ciphertext without its tag", of: Array(box.prefix(8)), with: key, mechanism, &bench)
        refuseDecryption(
            "other additional data", of: box, with: key,
            .aesGCM(iv: nonce, aad: Array("contexT".utf8), tagBits: 128), &bench)
        return bench.lines[before...].allSatisfy(\.outcome.isGood)
    }

    private static func refuseDecryption(
        _ what: String, of box: [UInt8], with key: ObjectHandle, _ mechanism: Mechanism, _ bench: inout ProbeRun
    ) {
        bench.expectRefusal("AES-GCM", "decrypt with \(what)") { (session) throws(PKCS11Error) in
            _ = try session.decrypt(box, with: key, mechanism)
        }
    }
}
