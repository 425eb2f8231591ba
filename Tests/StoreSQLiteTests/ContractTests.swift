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

    @Test(arguments: KeyStoreRace.all) func `two processes that race leave what the contract permits`(
        _ race: KeyStoreRace
    ) async throws {
        let directory = try TemporaryDirectory()
        let (one, two) = (try directory.open(), try directory.open())
        try await race.check(one, two)
        try one.close()
        try two.close()
    }

    @Test func `the contract has clauses, each with a name of its own`() {
        #expect(KeyStoreContract.all.count >= 30)
        #expect(Set(KeyStoreContract.all.map(\.name)).count == KeyStoreContract.all.count)
    }
}
