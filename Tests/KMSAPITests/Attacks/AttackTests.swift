import Testing

/// More than a hundred attacks. Each must fail in the way given in its entry in the list, and must leave every key unchanged.
@Suite struct AttackTests {
    static let all =
        RoleAttacks.all + ProjectAttacks.all + CredentialAttacks.all + ServiceKeyAttacks.all + BodyAttacks.all
        + PathAttacks.all + EnumerationAttacks.all

    @Test(arguments: all) func `fail`(_ attack: Attack) async throws {
        try await Fixture().run { client in try await attack.run(try await Battlefield.prepare(client)) }
    }

    @Test func `are a hundred at least, together with those on the wire, and no two are the same`() {
        #expect(Self.all.count + WireAttackTests.all.count >= 100)
        #expect(Set(Self.all.map(\.name)).count == Self.all.count)
    }
}
