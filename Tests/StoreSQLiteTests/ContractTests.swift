import KMSTesting
import StoreSQLite
import Testing

@Suite
struct ContractTests {
    @Test(arguments: KeyStoreContract.all) func `keeps the contract of a key store`(_ clause: KeyStoreClause)
        async throws
    {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try await clause.check(store)
        try store.close()
    }

    @Test func `the contract has clauses, each with a name of its own`() {
        #expect(KeyStoreContract.all.count >= 30)
        #expect(Set(KeyStoreContract.all.map(\.name)).count == KeyStoreContract.all.count)
    }
}
