internal import KeyManagement

extension KeyStoreContract {
    static let keyClauses: [KeyStoreClause] = [
        KeyStoreClause("every field of a key reads back") { store in
            try await Samples.initialize(store)
            for (index, availability) in KeyAvailability.allCases.enumerated() {
                let record = KeyRecord(
                    id: KeyID(), project: try Samples.project, name: try KeyName("Key_\(index).a-b"),
                    description: try KeyDescription("Schlüssel 鍵 🔑 'quoted' \"%s\" \\"), algorithm: .rsa4096,
                    usage: .signVerify, origin: .imported,
                    access: .policy(try Samples.policy), availability: availability,
                    deletionDueAt: availability == .pendingDeletion ? Timestamp(milliseconds: 77) : nil,
                    materialExpiresAt: index == 0 ? Timestamp(milliseconds: 78) : nil,
                    defaultMaterialExpiry: index == 0 ? .at(Timestamp(milliseconds: 79)) : index == 1 ? .never : nil,
                    versions: VersionLedger([
                        .init(state: .destroyed, counter: .max), .init(state: .pendingDestruction, counter: 3),
                        .init(state: .deactivated, counter: 9_007_199_254_740_993), .init(state: .active, counter: 1),
                    ]),
                    revision: UInt64(Int64.max), createdAt: Timestamp(milliseconds: -1),
                    changedAt: Timestamp(milliseconds: .max))
                let key = Samples.sealed(record)
                try await store.insert(key, versions: [], answer: nil)
                let found = try await store.key(record.id, with: .none)
                try requireEqual(found, StoredKey(key: key, version: nil), "a key")
            }
        },
        KeyStoreClause("a number is stored exactly or refused, never cut") { store in
            let key = try SampleKey(revision: .max)
            try await Samples.initialize(store)
            do throws(StoreError) {
                try await store.insert(key.key, versions: [], answer: nil)
            } catch .malformed {
                let found = try await store.key(key.id, with: .none)
                return try requireEqual(found, nil, "the refused key")
            } catch {
                throw ContractViolation("a revision of 2^64-1: \(error)")
            }
            let found = try await store.key(key.id, with: .none)
            try requireEqual(found, key.stored(), "a key of revision 2^64-1")
        },
        KeyStoreClause("a key that nobody made is nil") { store in
            try await Samples.insert(try SampleKey(), into: store)
            for choice in [VersionChoice.none, .active, .number(.first)] {
                try requireEqual(try await store.key(KeyID(), with: choice), nil, "an unknown key")
            }
            let (name, project) = (try KeyName("unknown"), try Samples.project)
            try requireEqual(try await store.keyID(named: name, in: project), nil, "an unknown name")
            let versions = try await store.versions(of: KeyID(), before: nil, limit: 10)
            try requireEqual(versions, [], "the versions of an unknown key")
        },
        KeyStoreClause("a key is found by its name, in its own project only") { store in
            let key = try SampleKey("by-name")
            try await Samples.insert(key, into: store)
            let (name, project, other) = (try KeyName("by-name"), try Samples.project, try ProjectID("other"))
            try requireEqual(try await store.keyID(named: name, in: project), key.id, "the id behind the name")
            try requireEqual(try await store.keyID(named: name, in: other), nil, "the name in another project")
            let keys = try await store.keys(in: other, after: nil, limit: 10)
            try requireEqual(keys, [], "the keys of another project")
        },
        KeyStoreClause("names differ in every character, upper case from lower case too") { store in
            let (upper, lower) = (try SampleKey("Name"), try SampleKey("name"))
            try await Samples.insert(upper, into: store)
            try await store.insert(lower.key, versions: [], answer: nil)
            let project = try Samples.project
            try requireEqual(try await store.keyID(named: try KeyName("Name"), in: project), upper.id, "Name")
            try requireEqual(try await store.keyID(named: try KeyName("name"), in: project), lower.id, "name")
            try requireEqual(try await store.keyID(named: try KeyName("NAME"), in: project), nil, "NAME")
        },
        KeyStoreClause("a name that is taken is refused for a new key, of which nothing remains") { store in
            try await Samples.insert(try SampleKey("taken"), into: store)
            let second = try SampleKey("taken", lives: [.active(Samples.wrapped(1))])
            try await requireError(.nameTaken, "the second key of a name") {
                try await store.insert(second.key, versions: second.versions, answer: nil)
            }
            try requireEqual(try await store.key(second.id, with: .active), nil, "the refused key")
            let versions = try await store.versions(of: second.id, before: nil, limit: 10)
            try requireEqual(versions, [], "the versions of the refused key")
        },
        KeyStoreClause("an id that is taken is a conflict, also under another name") { store in
            let first = try SampleKey("first")
            try await Samples.insert(first, into: store)
            let second = try SampleKey("second", id: first.id)
            try await requireError(.conflict, "the second key of an id") {
                try await store.insert(second.key, versions: [], answer: nil)
            }
            try requireEqual(try await store.key(first.id, with: .none), first.stored(), "the first key")
        },
        KeyStoreClause("a key gets another name and description, and its old name is free again") { store in
            let key = try SampleKey("old")
            try await Samples.insert(key, into: store)
            let changed = try key.changed {
                $0.name = try KeyName("new")
                $0.description = try KeyDescription("renamed")
                $0.availability = .disabled
            }
            try await store.apply(KeyChange(key: changed))
            let project = try Samples.project
            let found = try await store.key(key.id, with: .none)
            try requireEqual(found?.key, changed, "the renamed key")
            try requireEqual(try await store.keyID(named: try KeyName("new"), in: project), key.id, "the new name")
            try requireEqual(try await store.keyID(named: try KeyName("old"), in: project), nil, "the old name")
            try await store.insert(try SampleKey("old").key, versions: [], answer: nil)
        },
        KeyStoreClause("a name that is taken is refused for another key, which stays as it was") { store in
            let key = try SampleKey("key", lives: [.active(Samples.wrapped(1))])
            try await Samples.insert(key, into: store)
            try await store.insert(try SampleKey("taken").key, versions: [], answer: nil)
            let (rotation, after) = try key.rotated()
            let renamed = try key.changed {
                $0 = after.key.unverified
                $0.name = try KeyName("taken")
            }
            try await requireError(.nameTaken, "a rename to a taken name") {
                try await store.apply(
                    KeyChange(key: renamed, updated: rotation.updated, inserted: rotation.inserted))
            }
            try await requireUnchanged(key, in: store)
        },
    ]

    /// Requires that the key and all its versions are unchanged.
    static func requireUnchanged(_ key: SampleKey, in store: any KeyStore) async throws {
        try requireEqual(try await store.key(key.id, with: .none), key.stored(), "the key after a refused change")
        let versions = try await store.versions(of: key.id, before: nil, limit: 1000)
        try requireEqual(versions, key.versions.reversed(), "the versions after a refused change")
    }
}
