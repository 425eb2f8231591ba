import KMSTesting
import StorePostgres
import Testing

@Suite struct ContractTests {
    @Test(arguments: KeyStoreContract.all) func `keeps the contract of a key store`(_ clause: KeyStoreClause)
        async throws
    {
        let store = try PostgresKeyStore.open(
            ConnectionParameters(url: PostgresServer.shared.get().makeDatabase()), access: .create)
        try await clause.check(store)
        await store.close()
    }

    @Test(arguments: KeyStoreRace.all) func `two processes that race leave what the contract permits`(
        _ race: KeyStoreRace
    ) async throws {
        let database = try ConnectionParameters(url: PostgresServer.shared.get().makeDatabase())
        let (one, two) = (
            try PostgresKeyStore.open(database, access: .create), try PostgresKeyStore.open(database, access: .existing)
        )
        try await race.check(one, two)
        await one.close()
        await two.close()
    }
}
