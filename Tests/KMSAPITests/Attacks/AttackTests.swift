import Testing

/// A hundred attacks and more. Each has to fail, in the way that its line in the list says, and to leave every key as it was.
@Suite("Attacks") struct AttackTests {
    static let all =
        RoleAttacks.all + ProjectAttacks.all + CredentialAttacks.all + ServiceKeyAttacks.all + BodyAttacks.all
        + PathAttacks.all + EnumerationAttacks.all

    @Test("fail", arguments: all)
    func fails(_ attack: Attack) async throws {
        try await Fixture().run { client in try await attack.run(try await Battlefield.prepare(client)) }
    }

    @Test("are a hundred at least, together with those on the wire, and no two are the same")
    func count() {
        #expect(Self.all.count + WireAttackTests.all.count >= 100)
        #expect(Set(Self.all.map(\.name)).count == Self.all.count)
    }
}
