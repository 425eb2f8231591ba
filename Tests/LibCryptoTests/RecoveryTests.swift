import Crypto
import LibCrypto
import Testing

@Suite struct RecoveryTests {
    @Test(arguments: 0..<20) func `the maker of a signature is among the keys that are recovered from it`(_ round: Int)
        throws
    {
        let digest = Array(SHA256.hash(data: [UInt8(round)]))
        let first = P256.Signing.PrivateKey()
        let raw = try first.signature(for: SHA256.hash(data: [UInt8(round)])).rawRepresentation
        let keys = try PublicKey.recovered(from: Array(raw), over: digest, curve: .p256)
        #expect(keys.contains { $0.der == Array(first.publicKey.derRepresentation) })
        let large = P521.Signing.PrivateKey()
        let message: [UInt8] = [UInt8(round), 1]
        let long = try large.signature(for: SHA512.hash(data: message)).rawRepresentation
        let others = try PublicKey.recovered(from: Array(long), over: Array(SHA512.hash(data: message)), curve: .p521)
        #expect(others.contains { $0.der == Array(large.publicKey.derRepresentation) })
        #expect((1...4).contains(keys.count) && (1...4).contains(others.count))
    }

    @Test func `numbers that are no signature have no maker`() throws {
        let zero = [UInt8](repeating: 0, count: 32)
        let one = zero.dropLast() + [1]
        let all = [UInt8](repeating: 0xFF, count: 32)
        for raw in [zero + one, one + zero, all + one, one + all, [], zero] {
            #expect(try PublicKey.recovered(from: Array(raw), over: zero, curve: .p256).isEmpty)
        }
    }
}
