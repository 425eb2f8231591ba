internal import KeyManagement

extension KeyStoreContract {
    static let stateClauses = [
        KeyStoreClause("a shard moves by one change at a time, with the transaction that it is part of") { store in
            try await Samples.initialize(store)
            let first = try change(counter: 1, digest: 1)
            try await store.save([Samples.document(.group, "a")], state: first)
            try requireEqual(try await store.counter(of: index), 1, "the counter")
            for counter in [UInt64(1), 3] {
                try await requireError(.stateMoved, "counter \(counter) after 1") {
                    let change = try change(counter: counter, digest: 9)
                    try await store.save([Samples.document(.group, "b")], state: change)
                }
            }
            try requireEqual(try await store.document(.group, "b"), nil, "the document of the refused transaction")
            try requireEqual(try await stored(in: store), [first.members[0]], "the members after the refusals")
            let second = try change(counter: 2, digest: 2)
            try await store.save([Samples.document(.group, "b")], state: second)
            try requireEqual(try await stored(in: store), [second.members[0]], "the member that was replaced")
            let place = second.members[0].place
            let removed = StateChange(
                shards: [try shard(counter: 3)], members: [StateMember(shard: try index, place: place, digest: nil)])
            try await store.save([Samples.document(.group, "c")], state: removed)
            try requireEqual(try await stored(in: store), [], "the members after the removal")
        },
        KeyStoreClause("a transaction that fails leaves the state digest as it was") { store in
            try await Samples.initialize(store)
            try await store.save([Samples.document(.group, "a")], state: try change(counter: 1, digest: 1))
            try await requireError(.conflict, "a document that is there already") {
                let change = try change(counter: 2, digest: 2)
                try await store.save([Samples.document(.group, "a")], state: change)
            }
            try requireEqual(try await store.counter(of: index), 1, "the counter")
            try requireEqual(try await store.shards().count, 1, "the shards")
        },
        KeyStoreClause("shards are moved on together or not at all, and keep their members") { store in
            try await Samples.initialize(store)
            let first = try change(counter: 1, digest: 1)
            try await store.save([Samples.document(.group, "a")], state: first)
            let other = try shard(4094, counter: 500)
            try await requireError(.stateMoved, "a counter that the row does not have") {
                try await store.advance([other, try shard(counter: 700)], from: [0, 2])
            }
            try requireEqual(try await store.shards().count, 1, "the shards after the refusal")
            try await store.advance([other, try shard(counter: 700)], from: [0, 1])
            try requireEqual(
                try await store.shards().map(\.unverified.counter), [500, 700], "the counters of both shards")
            try requireEqual(try await stored(in: store), [first.members[0]], "the members")
        },
        KeyStoreClause("a shard that never had a member has the counter 0 and no row") { store in
            try requireEqual(try await store.counter(of: index), 0, "the counter")
            let stored = try await store.shard(index)
            try require(stored.shard == nil && stored.members.isEmpty, "there is a row")
        },
    ]

    private static var index: ShardIndex {
        get throws {
            guard let index = ShardIndex(4095) else { throw ContractViolation("there is no shard 4095") }
            return index
        }
    }

    private static func shard(_ number: Int = 4095, counter: UInt64) throws -> Sealed<StateShard> {
        guard let index = ShardIndex(number) else { throw ContractViolation("there is no shard \(number)") }
        let shard = StateShard(
            index: index, counter: counter, count: 1, blind: [UInt8](repeating: 1, count: 16),
            sum: [UInt8](repeating: 2, count: 32))
        return Sealed(unverified: shard, seal: Seal(epoch: .first, code: [UInt8](repeating: 3, count: 32)))
    }

    private static func change(counter: UInt64, digest: UInt8) throws -> StateChange {
        let member = StateMember(
            shard: try index, place: [UInt8](repeating: 7, count: 32), digest: [UInt8](repeating: digest, count: 32))
        return StateChange(shards: [try shard(counter: counter)], members: [member])
    }

    private static func stored(in store: any KeyStore) async throws -> [StateMember] {
        try await store.shard(index).members
    }
}
