package import KeyManagement

/// A promise about two processes that change one store at the same time. Each race runs many times, and only the permitted outcomes
/// pass.
///
///     @Test(arguments: KeyStoreRace.all)
///     func races(_ race: KeyStoreRace) async throws { try await race.check(store, sameStoreOpenedAgain) }
package struct KeyStoreRace: Sendable, CustomStringConvertible {
    /// The promise, as a sentence.
    package let name: String
    /// The check. The two stores must be the same new database, opened twice.
    package let check: @Sendable (any KeyStore, any KeyStore) async throws -> Void

    init(_ name: String, check: @escaping @Sendable (any KeyStore, any KeyStore) async throws -> Void) {
        self.name = name
        self.check = check
    }

    package var description: String { name }

    private static let rounds = 40

    package static let all: [KeyStoreRace] = [
        KeyStoreRace("of two changes from one revision, one is stored and the other is a conflict") { one, two in
            var key = try SampleKey("one", lives: [.active(Samples.wrapped(1))])
            try await Samples.insert(key, into: one)
            for _ in 0..<rounds {
                let first = try key.changed { $0.description = try KeyDescription("first") }
                let second = try key.changed { $0.description = try KeyDescription("second") }
                let outcomes = await race(
                    { () throws(StoreError) in try await one.apply(KeyChange(key: first)) },
                    { () throws(StoreError) in try await two.apply(KeyChange(key: second)) })
                try requireOneWinner(outcomes, other: .conflict)
                key.key = outcomes.first == nil ? first : second
                let stored = try await one.key(key.id, with: .none)?.key
                try KeyStoreContract.requireEqual(stored, key.key, "the stored key is the winner's")
            }
        },
        KeyStoreRace("of two rotations, one makes the next version") { one, two in
            var key = try SampleKey("one", lives: [.active(Samples.wrapped(1))])
            try await Samples.insert(key, into: one)
            for _ in 0..<rounds {
                let rotation = try key.rotated()
                let outcomes = await race(
                    { () throws(StoreError) in try await one.apply(rotation.change) },
                    { () throws(StoreError) in try await two.apply(rotation.change) })
                try requireOneWinner(outcomes, other: .conflict)
                key = rotation.after
            }
        },
        KeyStoreRace("of two keys of one name, one is stored") { one, two in
            try await Samples.initialize(one)
            for round in 0..<rounds {
                let (first, second) = (try SampleKey("name\(round)"), try SampleKey("name\(round)"))
                let outcomes = await race(
                    { () throws(StoreError) in try await one.insert(first.key, versions: [], answer: nil) },
                    { () throws(StoreError) in try await two.insert(second.key, versions: [], answer: nil) })
                try requireOneWinner(outcomes, other: .nameTaken)
            }
        },
        KeyStoreRace("an idempotent request that comes twice at once is answered once") { one, two in
            try await Samples.initialize(one)
            for round in 0..<rounds {
                let answer = Samples.answer(round * 3)
                let (first, second) = (try SampleKey("first\(round)"), try SampleKey("second\(round)"))
                let outcomes = await race(
                    { () throws(StoreError) in try await one.insert(first.key, versions: [], answer: answer) },
                    { () throws(StoreError) in try await two.insert(second.key, versions: [], answer: answer) })
                try requireOneWinner(outcomes, other: .repeated)
            }
        },
        KeyStoreRace("uses are reserved from what is there, by one of two") { one, two in
            let key = try SampleKey("one", lives: [.active(Samples.wrapped(1))])
            try await Samples.insert(key, into: one)
            let id = VersionID(key: key.id, number: .first)
            for round in 0..<UInt64(rounds) {
                let reservation = Samples.reservation(of: id, from: round * 10, to: round * 10 + 10)
                let outcomes = await race(
                    { () throws(StoreError) in try await one.reserve([reservation]) },
                    { () throws(StoreError) in try await two.reserve([reservation]) })
                try requireOneWinner(outcomes, other: .conflict)
            }
        },
        KeyStoreRace("a key that is deleted leaves no alias, version or usage, whatever is added meanwhile") {
            one, two in
            try await Samples.initialize(one)
            for round in 0..<rounds {
                let key = try SampleKey("key\(round)", lives: [.active(Samples.wrapped(round))])
                try await one.insert(key.key, versions: key.versions, answer: nil)
                let id = VersionID(key: key.id, number: .first)
                let alias = try Samples.alias("alias\(round)", of: key.id, revision: 1)
                let isUse = round % 2 == 0
                let outcomes = await race(
                    { () throws(StoreError) in
                        guard isUse else { return try await one.save(alias) }
                        try await one.reserve([Samples.reservation(of: id, from: 0, to: 10)])
                    },
                    { () throws(StoreError) in
                        try await two.delete(
                            key.id, revision: 1, aliases: 0, leaving: Samples.tombstone(of: key), answer: nil,
                            state: .none)
                    })
                for case let outcome? in [outcomes.first, outcomes.second] where outcome != .conflict {
                    throw ContractViolation("a race with a deletion ended with \(outcome)")
                }
                guard outcomes.second == nil else { continue }
                let found = try await one.alias(alias.unverified.name, in: Samples.project)
                let usage = try await one.usage(of: id)
                try KeyStoreContract.require(found == nil, "an alias of a deleted key")
                try KeyStoreContract.require(usage == nil, "the usage of a deleted key")
            }
        },
        KeyStoreRace("an epoch that is closed has no record, whatever is written meanwhile") { one, two in
            try await one.initialize(binding: try Samples.binding(), directory: [])
            for round in 0..<rounds {
                let epoch = RootEpoch(UInt32(10 + round)) ?? .first
                let document = Sealed(
                    unverified: Samples.document(.subject, "subject\(round)").unverified,
                    seal: Seal(epoch: epoch, code: Samples.bytes(32, from: 1)))
                let outcomes = await race(
                    { () throws(StoreError) in try await one.save([document]) },
                    { () throws(StoreError) in try await two.closeEpochs(through: epoch) })
                try requireOneWinner(outcomes, other: .conflict)
                let count = try await one.epochUses()[epoch]?.sealed ?? 0
                try KeyStoreContract.requireEqual(count, outcomes.first == nil ? 1 : 0, "the records under the epoch")
                // Otherwise no later epoch could be closed.
                let place = StoredRecord.document(document).write.document.place
                _ = try await one.commit(StoreTransaction([.delete(.document, place, from: nil)]))
            }
        },
        KeyStoreRace("a change by one is in the feed of the other") { one, two in
            var key = try SampleKey("one")
            try await Samples.insert(key, into: one)
            for _ in 0..<rounds {
                let before = try await two.changeMark()
                key.key = key.changed()
                try await one.apply(KeyChange(key: key.key))
                let after = try await two.changeMark()
                try KeyStoreContract.require(after != before, "a change that the other does not see")
                let again = try await two.changeMark()
                try KeyStoreContract.requireEqual(again, after, "the mark without a change")
            }
        },
    ]

    private typealias Outcomes = (first: StoreError?, second: StoreError?)

    /// Runs two calls at the same time, and returns their failures.
    private static func race(
        _ first: @escaping @Sendable () async throws(StoreError) -> Void,
        _ second: @escaping @Sendable () async throws(StoreError) -> Void
    ) async -> Outcomes {
        async let one = failure(first)
        async let two = failure(second)
        return (await one, await two)
    }

    private static func failure(_ body: () async throws(StoreError) -> Void) async -> StoreError? {
        do throws(StoreError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    private static func requireOneWinner(_ outcomes: Outcomes, other failure: StoreError) throws {
        switch outcomes {
        case (nil, failure?), (failure?, nil): return
        case (let first, let second):
            throw ContractViolation(
                "two racing calls ended with \(String(describing: first)) and \(String(describing: second))")
        }
    }
}
