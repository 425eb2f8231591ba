import PKCS11
import Testing

@Suite
struct DigestAndRandomTests {
    static let token = TestToken()

    /// FIPS 180-4's example message.
    @Test(
        "hashes of \"abc\" are the published ones",
        arguments: [
            (Mechanism.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                .sha384,
                """
                cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed\
                8086072ba1e7cc2358baeca134c825a7
                """
            ),
            (
                .sha512,
                """
                ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f
                """
            ),
        ])
    func digest(mechanism: Mechanism, expected: String) throws {
        let session = try Self.token.session()
        #expect(try session.digest("abc".utf8, mechanism).hex == expected)
    }

    @Test func `random bytes come in the number asked for, and differ`() throws {
        let session = try Self.token.session()
        let first = try session.generateRandom(count: 32)
        #expect(first.count == 32)
        #expect(try session.generateRandom(count: 32) != first)
        #expect(try session.generateRandom(count: 0).isEmpty)
    }

    @Test func `random bytes fill memory of the caller, all of it`() throws {
        let session = try Self.token.session()
        var memory = [UInt8](repeating: 0, count: 64)
        try memory.withUnsafeMutableBytes { try session.generateRandom(into: $0) }
        #expect(Set(memory).count > 16)
    }
}
