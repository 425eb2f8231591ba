internal import KeyManagement

extension KeyStoreContract {
    static let readingClauses: [KeyStoreClause] = [
        KeyStoreClause("keys come sorted by the bytes of their names, a page at a time") { store in
            // In the order of ASCII: - . 0 A _ a, though a name begins with a letter or a digit.
            let sorted = ["0", "A", "A-", "A.", "A0", "AA", "A_", "Aa", "B", "a", "a1", "a10", "a2", "b"]
            try await Samples.initialize(store)
            for name in sorted.reversed() { try await store.insert(try SampleKey(name).key, versions: [], answer: nil) }
            func page(after cursor: String?, limit: Int) async throws -> [String] {
                let cursor = try cursor.map { try KeyName($0) }
                return try await store.keys(in: try Samples.project, after: cursor, limit: limit)
                    .map(\.unverified.name.text)
            }
            try requireEqual(try await page(after: nil, limit: 100), sorted, "all keys")
            try requireEqual(try await page(after: nil, limit: 4), Array(sorted[..<4]), "the first page")
            try requireEqual(try await page(after: "A.", limit: 4), Array(sorted[4..<8]), "a page in the middle")
            try requireEqual(try await page(after: "A1", limit: 2), ["AA", "A_"], "after a name that is not there")
            try requireEqual(try await page(after: "b", limit: 4), [], "after the last")
            try requireEqual(try await page(after: "a10", limit: 100), ["a2", "b"], "the last page")
        },
        KeyStoreClause("the change mark is another one after each change, and the same while there is none") { store in
            var mark = try await store.changeMark()
            func requireNewMark(after what: String) async throws {
                let new = try await store.changeMark()
                try require(new != mark, "the change mark is still \(mark) after \(what)")
                try requireEqual(try await store.changeMark(), new, "the change mark, read again")
                mark = new
            }
            try await Samples.initialize(store)
            try await requireNewMark(after: "the initialisation")
            var key = try SampleKey(lives: [.active(Samples.wrapped(1))])
            try await store.insert(key.key, versions: key.versions, answer: nil)
            try await requireNewMark(after: "an insert")
            for _ in 0..<20 {
                let (change, after) = try key.rotated()
                try await store.apply(change)
                try await requireNewMark(after: "a change")
                key = after
            }
            _ = try await store.key(key.id, with: .active)
            _ = try await store.versions(of: key.id, before: nil, limit: 5)
            try requireEqual(try await store.changeMark(), mark, "the change mark after reading")
        },
        KeyStoreClause("a healthy store says so, and the question changes nothing") { store in
            try await store.checkHealth()
            let mark = try await store.changeMark()
            try await store.checkHealth()
            try requireEqual(try await store.changeMark(), mark, "the change mark after a health check")
        },
        KeyStoreClause("what was written is read by whoever reads next") { store in
            var key = try SampleKey(lives: [.active(Samples.wrapped(1))])
            try await Samples.insert(key, into: store)
            for _ in 0..<20 {
                let (change, after) = try key.rotated()
                try await store.apply(change)
                key = after
                let expected = key.stored()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            let found = try await store.key(expected.key.unverified.id, with: .none)
                            try requireEqual(found, expected, "the key, read right after its change")
                        }
                    }
                    try await group.waitForAll()
                }
            }
        },
        KeyStoreClause("a key is read as one moment had it, while others change it") { store in
            let key = try SampleKey(lives: [.active(Samples.wrapped(1))])
            try await Samples.insert(key, into: store)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var key = key
                    for _ in 0..<40 {
                        let (change, after) = try key.rotated()
                        try await store.apply(change)
                        key = after
                    }
                }
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<40 {
                            guard let found = try await store.key(key.id, with: .active) else { continue }
                            let record = found.key.unverified
                            let active = found.version?.unverified.id.number
                            try requireEqual(active, record.versions.active, "the active version and the key")
                        }
                    }
                }
                try await group.waitForAll()
            }
        },
    ]
}
