import KMSTesting
import StoreSQLite
import Testing

@Suite("The SQLite store")
struct ContractTests {
    @Test("keeps the contract of a key store", arguments: KeyStoreContract.all)
    func contract(_ clause: KeyStoreClause) async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try await clause.check(store)
        try store.close()
    }

    @Test("the contract has clauses, each with a name of its own")
    func clauses() {
        #expect(KeyStoreContract.all.count >= 30)
        #expect(Set(KeyStoreContract.all.map(\.name)).count == KeyStoreContract.all.count)
    }
}
