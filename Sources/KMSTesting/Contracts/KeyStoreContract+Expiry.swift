internal import KeyManagement

extension KeyStoreContract {
    static let expiryClauses: [KeyStoreClause] = [
        KeyStoreClause("material expires version by version, and with its key; erased material no longer") { store in
            try await Samples.initialize(store)
            let time = Samples.time
            func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: time.milliseconds + seconds * 1000) }
            func key(_ name: String, _ life: VersionLife, _ expiry: MaterialExpiry?) throws -> SampleKey {
                var key = try SampleKey(name, lives: [.deactivated(Samples.wrapped(1)), life])
                var version = key.versions[1].unverified
                version.materialExpiry = expiry
                key.versions[1] = Samples.sealed(version)
                return key
            }
            let active = VersionLife.active(Samples.wrapped(2))
            var late = try key("late", active, .at(at(30)))
            let soon = try key("soon", active, .at(at(10)))
            let never = try key("never", active, .never)
            let gone = try key("gone", .destroyed(blobDigest: Samples.bytes(32, from: 5)), .at(at(1)))
            var old = try key("old", active, nil)
            var record = old.key.unverified
            record.materialExpiresAt = at(20)
            old.key = Samples.sealed(record)
            for key in [late, soon, never, gone, old] {
                try await store.insert(key.key, versions: key.versions, answer: nil)
                let found = try await store.key(key.id, with: .number(key.versions[1].unverified.id.number))
                try requireEqual(found, key.stored(with: 2), "the expiry of '\(key.key.unverified.name)'")
            }
            func due(_ moment: Timestamp, limit: Int = 9) async throws -> [KeyID] {
                try await store.keysWithExpiredMaterial(by: moment, limit: limit)
            }
            try requireEqual(try await due(at(9)), [], "nothing yet")
            try requireEqual(try await due(at(10)), [soon.id], "at its time")
            try requireEqual(try await due(at(40)), [soon.id, old.id, late.id], "the most overdue first")
            try requireEqual(try await due(at(40), limit: 2), [soon.id, old.id], "no more than asked for")
            var version = late.versions[1].unverified
            version.materialExpiry = .never
            version.stateCounter += 1
            late.versions[1] = Samples.sealed(version)
            late.key = late.changed()
            try await store.apply(KeyChange(key: late.key, updated: [late.versions[1]]))
            try requireEqual(try await store.key(late.id, with: .active), late.stored(with: 2), "another expiry")
            try requireEqual(try await due(at(40)), [soon.id, old.id], "after the change")
        }
    ]
}
