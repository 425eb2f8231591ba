import KMSTesting
import Testing

@Suite("The store in memory")
struct MemoryKeyStoreTests {
    @Test("keeps the contract of a key store", arguments: KeyStoreContract.all)
    func contract(_ clause: KeyStoreClause) async throws {
        try await clause.check(MemoryKeyStore())
    }
}
