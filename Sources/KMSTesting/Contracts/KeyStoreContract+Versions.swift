internal import KeyManagement

extension KeyStoreContract {
    /// One version in each state, with each wrap mechanism, and the largest epoch of 32 bits.
    private static var everyLife: [VersionLife] {
        [
            .destroyed(blobDigest: Samples.bytes(32, from: 77)),
            .pendingDestruction(Samples.wrapped(2), due: Timestamp(milliseconds: 4_102_444_800_001)),
            .deactivated(Samples.wrapped(3, mechanism: .aesKWP, epoch: .max)),
            .active(Samples.wrapped(4)),
        ]
    }

    static let versionClauses: [KeyStoreClause] = [
        KeyStoreClause("every field of a version reads back, in every state") { store in
            let key = try SampleKey(lives: everyLife)
            try await Samples.insert(key, into: store)
            for number in 1...4 {
                guard let version = VersionNumber(UInt32(number)) else { continue }
                let found = try await store.key(key.id, with: .number(version))
                try requireEqual(found, key.stored(with: number), "version \(number)")
            }
            let all = try await store.versions(of: key.id, before: nil, limit: 10)
            try requireEqual(all, key.versions.reversed(), "all versions")
        },
        KeyStoreClause("a version reads back after each change of its state, to the end of its life") { store in
            let wrapped = Samples.wrapped(1)
            var key = try SampleKey(lives: [.active(wrapped)])
            try await Samples.insert(key, into: store)
            let lives: [VersionLife] = [
                .deactivated(wrapped), .active(wrapped), .deactivated(wrapped),
                .pendingDestruction(wrapped, due: Samples.time), .deactivated(wrapped),
                .pendingDestruction(wrapped, due: Timestamp(milliseconds: 5)),
                .destroyed(blobDigest: Samples.bytes(32, from: 5)),
            ]
            for life in lives {
                key.versions[0] = key.moved(1, to: life)
                key.key = key.changed()
                try await store.apply(KeyChange(key: key.key, updated: key.versions))
                let found = try await store.key(key.id, with: .number(.first))
                try requireEqual(found, key.stored(with: 1), "the version in the state \(life.state)")
            }
        },
        KeyStoreClause("the version that was asked for comes with the key, or none") { store in
            let key = try SampleKey(lives: [.deactivated(Samples.wrapped(1)), .active(Samples.wrapped(2))])
            let inactive = try SampleKey("inactive", lives: [.deactivated(Samples.wrapped(1))])
            try await Samples.insert(key, into: store)
            try await store.insert(inactive.key, versions: inactive.versions, answer: nil)
            try requireEqual(try await store.key(key.id, with: .none), key.stored(), "no version")
            try requireEqual(try await store.key(key.id, with: .active), key.stored(with: 2), "the active version")
            let first = try await store.key(key.id, with: .number(.first))
            try requireEqual(first, key.stored(with: 1), "the first version")
            guard let third = VersionNumber(UInt32(3)) else { return }
            let absent = try await store.key(key.id, with: .number(third))
            try requireEqual(absent, key.stored(), "a version that is not there")
            let none = try await store.key(inactive.id, with: .active)
            try requireEqual(none, inactive.stored(), "the active version of a key that has none")
        },
        KeyStoreClause("versions come the newest first, a page at a time") { store in
            let lives = (1...7).map { VersionLife.deactivated(Samples.wrapped($0)) }
            let key = try SampleKey(lives: lives)
            try await Samples.insert(key, into: store)
            func page(before cursor: UInt32?, limit: Int) async throws -> [UInt32] {
                try await store.versions(of: key.id, before: cursor.flatMap { VersionNumber($0) }, limit: limit)
                    .map(\.unverified.id.number.value)
            }
            try requireEqual(try await page(before: nil, limit: 3), [7, 6, 5], "the first page")
            try requireEqual(try await page(before: 5, limit: 3), [4, 3, 2], "a page in the middle")
            try requireEqual(try await page(before: 2, limit: 3), [1], "the last page")
            try requireEqual(try await page(before: 1, limit: 3), [], "after the last page")
            try requireEqual(try await page(before: .max, limit: 100), [7, 6, 5, 4, 3, 2, 1], "from beyond the newest")
        },
    ]
}
