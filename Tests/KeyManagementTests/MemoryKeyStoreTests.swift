import KMSTesting
import Testing

@Suite
struct MemoryKeyStoreTests {
    @Test(arguments: KeyStoreContract.all) func `keeps the contract of a key store`(_ clause: KeyStoreClause)
        async throws
    {
        try await clause.check(MemoryKeyStore())
    }
}
