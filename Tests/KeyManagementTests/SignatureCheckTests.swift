import KMSTesting
import KeyManagement
import Testing

/// Signatures of another process are verified before they are returned to any caller.
@Suite struct SignatureCheckTests {
    @Test(arguments: [
        (KeyAlgorithm.ecP256, SignatureAlgorithm.ecdsaSHA256), (.ecP384, .ecdsaSHA384), (.ecP521, .ecdsaSHA512),
    ])
    func `a signature is genuine only by its key, over its input and in its place`(
        _ algorithm: KeyAlgorithm, _ signature: SignatureAlgorithm
    ) async throws {
        let token = MemoryToken()
        let made = try await token.generateKey(algorithm, for: .signVerify)
        let key = VersionKey(
            id: VersionID(key: KeyID(), number: .first), algorithm: algorithm, usage: .signVerify,
            wrapped: made.wrapped, publicKey: made.publicKey)
        let publicKey = try #require(key.publicKey)
        let other = try #require(try await token.generateKey(algorithm, for: .signVerify).publicKey)
        let length = try #require(signature.hash?.byteCount)
        let digests = [UInt8](1...2).map { [UInt8](repeating: $0, count: length) }
        let signatures = try await token.sign(digests, by: signature, with: key)
        let check = SignatureCheck(capacity: 2)
        func isGenuine(_ signatures: [[UInt8]], by key: PublicKeyInfo) -> Bool {
            check.areGenuine(signatures, over: digests, by: signature, with: key)
        }
        #expect(isGenuine(signatures, by: publicKey))
        #expect(!isGenuine(signatures, by: other))
        #expect(!isGenuine(signatures.reversed(), by: publicKey))
        #expect(!isGenuine(signatures.dropLast(), by: publicKey))
        var changed = signatures
        changed[1][length - 1] ^= 1
        #expect(!isGenuine(changed, by: publicKey))
        #expect(!isGenuine(signatures, by: PublicKeyInfo(der: [0x30, 0])))
    }
}
