internal import KeyManagement

extension KeyStoreContract {
    static let changeClauses: [KeyStoreClause] = [
        KeyStoreClause("a rotation changes the key and both versions at once") { store in
            var key = try SampleKey(lives: [.active(Samples.wrapped(1))])
            try await Samples.insert(key, into: store)
            for number in 2...4 {
                let (change, after) = try key.rotated()
                try await store.apply(change)
                key = after
                let found = try await store.key(key.id, with: .active)
                try requireEqual(found, key.stored(with: number), "the key after a rotation")
            }
            try await requireUnchanged(key, in: store)
        },
        KeyStoreClause("a change of a key that is not at the expected revision is a conflict and changes nothing") {
            store in
            let key = try SampleKey(lives: [.active(Samples.wrapped(1))])
            try await Samples.insert(key, into: store)
            let (first, after) = try key.rotated()
            try await store.apply(first)
            try await requireError(.conflict, "the same rotation again") {
                try await store.apply(first)
            }
            try await requireUnchanged(after, in: store)
            var ahead = after
            ahead.key = ahead.changed()
            let tooEarly = KeyChange(key: ahead.changed())
            try await requireError(.conflict, "a revision too far ahead") {
                try await store.apply(tooEarly)
            }
            try await requireUnchanged(after, in: store)
        },
        KeyStoreClause(
            "a change of a version that is not at the expected state counter is a conflict and changes nothing"
        ) {
            store in
            let key = try SampleKey(lives: [.deactivated(Samples.wrapped(1)), .active(Samples.wrapped(2))])
            try await Samples.insert(key, into: store)
            var stale = key.versions[0].unverified
            stale.life = .pendingDestruction(Samples.wrapped(1), due: Samples.time)
            let change = KeyChange(
                key: key.changed(),
                updated: [key.moved(2, to: .deactivated(Samples.wrapped(2))), Samples.sealed(stale)],
                inserted: [Samples.version(3, of: key.id, in: try Samples.project, life: .active(Samples.wrapped(3)))])
            try await requireError(.conflict, "a version with its old counter") {
                try await store.apply(change)
            }
            try await requireUnchanged(key, in: store)
        },
        KeyStoreClause("a change of what does not exist is a conflict and makes nothing") { store in
            let key = try SampleKey(lives: [.active(Samples.wrapped(1))])
            try await Samples.insert(key, into: store)
            let unknown = try SampleKey("unknown", lives: [.active(Samples.wrapped(1))])
            try await requireError(.conflict, "a change of an unknown key") {
                try await store.apply(KeyChange(key: unknown.changed()))
            }
            try requireEqual(try await store.key(unknown.id, with: .none), nil, "the unknown key")
            let absent = Samples.version(2, of: key.id, in: try Samples.project, life: .deactivated(Samples.wrapped(2)))
            try await requireError(.conflict, "a change of an unknown version") {
                try await store.apply(KeyChange(key: key.changed(), updated: [absent]))
            }
            try await requireUnchanged(key, in: store)
        },
        KeyStoreClause("a version number that is taken is a conflict and changes nothing") { store in
            let key = try SampleKey(lives: [.deactivated(Samples.wrapped(1))])
            try await Samples.insert(key, into: store)
            let again = Samples.version(1, of: key.id, in: try Samples.project, life: .active(Samples.wrapped(9)))
            try await requireError(.conflict, "another version 1") {
                try await store.apply(KeyChange(key: key.changed(), inserted: [again]))
            }
            try await requireUnchanged(key, in: store)
        },
        KeyStoreClause("of changes that are made at the same time, exactly one wins") { store in
            let key = try SampleKey(lives: [.active(Samples.wrapped(1))])
            try await Samples.insert(key, into: store)
            let rivals = try (0..<16).map { index in
                let (rotation, after) = try key.rotated()
                var record = after.key.unverified
                record.description = try KeyDescription("rival \(index)")
                return KeyChange(
                    key: Samples.sealed(record), updated: rotation.updated, inserted: rotation.inserted)
            }
            let winners = try await withThrowingTaskGroup(of: KeyChange?.self) { group in
                for rival in rivals {
                    group.addTask {
                        do throws(StoreError) {
                            try await store.apply(rival)
                            return rival
                        } catch .conflict {
                            return nil
                        } catch {
                            throw ContractViolation("a rival failed with \(error) instead of a conflict")
                        }
                    }
                }
                return try await group.reduce(into: [KeyChange]()) { if let winner = $1 { $0.append(winner) } }
            }
            try requireEqual(winners.count, 1, "the number of winners")
            let found = try await store.key(key.id, with: .active)
            try requireEqual(found?.key, winners.first?.key, "the key after the race")
            try requireEqual(found?.version, winners.first?.inserted.first, "the active version after the race")
        },
        KeyStoreClause("of keys of one name that are made at the same time, exactly one is made") { store in
            try await Samples.initialize(store)
            let rivals = try (0..<8).map { _ in try SampleKey("wanted", lives: [.active(Samples.wrapped(1))]) }
            let winners = try await withThrowingTaskGroup(of: KeyID?.self) { group in
                for rival in rivals {
                    group.addTask {
                        do throws(StoreError) {
                            try await store.insert(rival.key, versions: rival.versions, answer: nil)
                            return rival.id
                        } catch .nameTaken {
                            return nil
                        } catch {
                            throw ContractViolation("a rival failed with \(error) instead of a taken name")
                        }
                    }
                }
                return try await group.reduce(into: [KeyID]()) { if let winner = $1 { $0.append(winner) } }
            }
            try requireEqual(winners.count, 1, "the number of winners")
            let id = try await store.keyID(named: try KeyName("wanted"), in: try Samples.project)
            try requireEqual(id, winners.first, "the key of that name")
        },
        KeyStoreClause("a second active version is a conflict and changes nothing") { store in
            let key = try SampleKey(lives: [.deactivated(Samples.wrapped(1)), .active(Samples.wrapped(2))])
            try await Samples.insert(key, into: store)
            let third = Samples.version(3, of: key.id, in: try Samples.project, life: .active(Samples.wrapped(3)))
            try await requireError(.conflict, "a second active version, new") {
                try await store.apply(KeyChange(key: key.changed(), inserted: [third]))
            }
            try await requireError(.conflict, "a second active version, activated") {
                try await store.apply(
                    KeyChange(key: key.changed(), updated: [key.moved(1, to: .active(Samples.wrapped(1)))]))
            }
            try await requireUnchanged(key, in: store)
            let double = try SampleKey("double", lives: [.active(Samples.wrapped(1)), .active(Samples.wrapped(2))])
            try await requireError(.conflict, "a key with two active versions") {
                try await store.insert(double.key, versions: double.versions, answer: nil)
            }
            try requireEqual(try await store.key(double.id, with: .none), nil, "the key with two active versions")
        },
    ]
}
