internal import KeyManagement

extension KeyStoreContract {
    static let directoryClauses: [KeyStoreClause] = [
        KeyStoreClause("every field of a document reads back, for every kind") { store in
            try await Samples.initialize(store)
            for (place, kind) in DirectoryKind.allCases.enumerated() {
                let document = Samples.document(kind, "name-\(place)", parent: "parent-\(place)", content: place)
                try await store.save([document])
                let found = try await store.document(kind, "name-\(place)")
                try requireEqual(found, document, "a document")
            }
        },
        KeyStoreClause("the same name in two kinds is two documents; an unknown one is nil") { store in
            try await Samples.initialize(store)
            try await store.save([Samples.document(.subject, "same"), Samples.document(.group, "same", content: 2)])
            try requireEqual(try await store.document(.subject, "same"), Samples.document(.subject, "same"), "subject")
            try requireEqual(try await store.document(.project, "same"), nil, "a project that there is not")
        },
        KeyStoreClause("a document is added once, and replaced only by the next revision") { store in
            try await Samples.initialize(store)
            try await store.save([Samples.document(.subject, "s")])
            for revision in [1, 3] as [UInt64] {
                try await requireError(.conflict, "revision \(revision) after 1") {
                    try await store.save([Samples.document(.subject, "s", revision: revision, content: 9)])
                }
            }
            try requireEqual(try await store.document(.subject, "s"), Samples.document(.subject, "s"), "the document")
            let next = Samples.document(.subject, "s", revision: 2, content: 2)
            try await store.save([next])
            try requireEqual(try await store.document(.subject, "s"), next, "the next revision")
            try await requireError(.conflict, "a change of what there is not") {
                try await store.save([Samples.document(.subject, "nobody", revision: 2)])
            }
        },
        KeyStoreClause("the secret of an access key counts under its epoch, is wrapped anew, and stays registered") {
            store in
            try await Samples.initialize(store)
            let (first, second) = (RootEpoch.first, RootEpoch(2) ?? .first)
            let key = try Samples.accessKey(under: first)
            try await store.save([Samples.sealed(key.document)])
            try requireEqual(try await store.epochUses()[first]?.wrapped, 1, "secrets under the first epoch")
            let records = try await store.records(of: .document, before: second, after: nil, limit: 10)
            guard let record = records.first(where: { $0.wrapped != nil }) else {
                throw ContractViolation("the access key is not before the second epoch")
            }
            let wrapped = WrappedKey(mechanism: .aesKWP, epoch: second, blob: Samples.bytes(56, from: 7))
            let seal = Seal(epoch: second, code: Samples.bytes(32, from: 8))
            let count = try await store.replace([SealReplacement(record: record, seal: seal, wrapped: wrapped)])
            try requireEqual(count, 1, "replaced records")
            let found = try await store.document(.accessKey, key.key)
            try requireEqual(found?.unverified, key.document.rewrapped(wrapped), "the rewrapped document")
            try requireEqual(found?.unverified.wrapped, wrapped, "the new secret")
            try requireEqual(try await store.epochUses()[first]?.wrapped ?? 0, 0, "secrets under the first epoch")
            let blobs = try await store.blobs(under: first, after: nil, limit: 10)
            let owner = WrappedBlob.Owner.accessKey(key.id)
            try requireEqual(blobs.filter { $0.owner == owner }.count, 1, "what was under the first epoch")
        },
        KeyStoreClause("a document keeps its parent") { store in
            try await Samples.initialize(store)
            try await store.save([Samples.document(.credential, "c", parent: "one")])
            try await requireError(.conflict, "another parent") {
                try await store.save([Samples.document(.credential, "c", parent: "two", revision: 2)])
            }
        },
        KeyStoreClause("of several documents all are saved or none") { store in
            try await Samples.initialize(store)
            try await store.save([Samples.document(.group, "b")])
            try await requireError(.conflict, "one of two is not at its revision") {
                try await store.save([Samples.document(.group, "a"), Samples.document(.group, "b", revision: 5)])
            }
            try requireEqual(try await store.document(.group, "a"), nil, "the other one")
        },
        KeyStoreClause("documents are listed by name, page by page, of all or of one parent") { store in
            try await Samples.initialize(store)
            for name in ["d", "a", "c", "B"] {
                try await store.save([Samples.document(.credential, name, parent: name == "c" ? "two" : "one")])
            }
            func names(_ parent: String?, after cursor: String?, _ limit: Int) async throws -> [String] {
                try await store.documents(.credential, of: parent, after: cursor, limit: limit).map(\.unverified.key)
            }
            try requireEqual(try await names(nil, after: nil, 10), ["B", "a", "c", "d"], "all")
            try requireEqual(try await names("one", after: nil, 2), ["B", "a"], "the first two of a parent")
            try requireEqual(try await names("one", after: "a", 2), ["d"], "the rest of a parent")
            try requireEqual(try await names("three", after: nil, 2), [], "of nobody")
        },
        KeyStoreClause("a project that was added can have keys") { store in
            try await store.initialize(binding: try Samples.binding(), directory: [])
            try await store.save([try Samples.projectDocument])
            let key = try SampleKey()
            try await store.insert(key.key, versions: key.versions, answer: nil)
        },
        KeyStoreClause("the last use of a credential is the latest that was noted") { store in
            try await Samples.initialize(store)
            let hash = CredentialHash(bytes: Samples.bytes(32, from: 4))
            try requireEqual(try await store.lastUse(of: hash), nil, "before any")
            try await store.noteUses([hash: Timestamp(milliseconds: 5000)])
            try await store.noteUses([hash: Timestamp(milliseconds: 4000)])
            try requireEqual(try await store.lastUse(of: hash), Timestamp(milliseconds: 5000), "after two")
        },
        KeyStoreClause("a change of the directory changes the mark") { store in
            try await Samples.initialize(store)
            let before = try await store.changeMark()
            try await store.save([Samples.document(.group, "g")])
            try require(try await store.changeMark() != before, "the mark is the same after a change")
        },
    ]
}
