internal import KeyManagement

// The clauses about the parts of a store other than keys and versions.
extension KeyStoreContract {
    static let topicClauses: [KeyStoreClause] = [
        KeyStoreClause("an alias is added, moved and deleted, each from the revision that it has") { store in
            let (one, two) = (try SampleKey("one"), try SampleKey("two"))
            try await Samples.insert(one, into: store)
            try await store.insert(two.key, versions: [], answer: nil)
            let (project, name) = (try Samples.project, try KeyName("alias"))
            try await store.save(Samples.alias("alias", of: one.id, revision: 1))
            try requireEqual(try await store.alias(name, in: project)?.unverified.key, one.id, "the alias")
            try await requireError(.conflict) { try await store.save(Samples.alias("alias", of: two.id, revision: 1)) }
            try await requireError(.conflict) { try await store.save(Samples.alias("alias", of: two.id, revision: 3)) }
            try await store.save(Samples.alias("alias", of: two.id, revision: 2))
            try requireEqual(try await store.alias(name, in: project)?.unverified.key, two.id, "the moved alias")
            try requireEqual(try await store.aliases(in: project, of: one.id, after: nil, limit: 9).count, 0, "of one")
            try requireEqual(try await store.aliases(in: project, of: two.id, after: nil, limit: 9).count, 1, "of two")
            try await requireError(.conflict) { try await store.deleteAlias(name, in: project, revision: 1) }
            try await store.deleteAlias(name, in: project, revision: 2)
            try requireEqual(try await store.alias(name, in: project), nil, "a deleted alias")
            try await requireError(.conflict) { try await store.save(Samples.alias("x", of: KeyID(), revision: 1)) }
        },
        KeyStoreClause("names and aliases of a project never collide") { store in
            let key = try SampleKey("one")
            try await Samples.insert(key, into: store)
            try await requireError(.nameTaken) { try await store.save(Samples.alias("one", of: key.id, revision: 1)) }
            try await store.save(Samples.alias("alias", of: key.id, revision: 1))
            try await requireError(.nameTaken) {
                try await store.insert(try SampleKey("alias").key, versions: [], answer: nil)
            }
            let renamed = try key.changed { $0.name = try KeyName("alias") }
            try await requireError(.nameTaken) { try await store.apply(KeyChange(key: renamed)) }
        },
        KeyStoreClause("an answer is kept with its change or not at all, and the second one is told so") { store in
            let key = try SampleKey("one")
            try await Samples.initialize(store)
            let answer = Samples.answer(1)
            try await store.insert(key.key, versions: [], answer: answer)
            try requireEqual(try await store.answer(answer.unverified.id), answer, "the answer")
            // Before the check of the name: a repeated request is reported as repeated, not refused.
            try await requireError(.repeated) {
                try await store.insert(try SampleKey("one").key, versions: [], answer: answer)
            }
            try await requireError(.repeated) {
                try await store.apply(KeyChange(key: key.changed(), answer: answer))
            }
            let other = Samples.answer(2)
            let late = key.changed { $0.revision += 1 }
            try await requireError(.conflict) { try await store.apply(KeyChange(key: late, answer: other)) }
            try requireEqual(try await store.answer(other.unverified.id), nil, "the answer to a lost change")
            try await store.apply(KeyChange(key: key.changed(), answer: other))
            let end = Timestamp(milliseconds: Samples.time.milliseconds + 1)
            try requireEqual(try await store.deleteAnswers(before: Samples.time, limit: 9), 0, "none is that old")
            try requireEqual(try await store.deleteAnswers(before: end, limit: 1), 1, "at most one")
            try requireEqual(try await store.deleteAnswers(before: end, limit: 9), 1, "the other")
        },
        KeyStoreClause("a rotation is due from its moment on, of a key that is active, enabled and generated") {
            store in
            let due = SampleKey.rotationDue
            let key = try SampleKey("one", lives: [.active(Samples.wrapped(1))])
            try await Samples.insert(key, into: store)
            let idle = try SampleKey("idle", lives: [.deactivated(Samples.wrapped(1))])
            try await store.insert(idle.key, versions: idle.versions, answer: nil)
            let early = Timestamp(milliseconds: due.milliseconds - 1)
            try requireEqual(try await store.keysDueForRotation(by: early, limit: 9), [], "too early")
            try requireEqual(try await store.keysDueForRotation(by: due, limit: 9), [key.id], "due")
            try requireEqual(try await store.keysDueForRotation(by: due, limit: 0), [], "none wanted")
            try await store.apply(KeyChange(key: key.changed { $0.availability = .disabled }))
            try requireEqual(try await store.keysDueForRotation(by: due, limit: 9), [], "disabled")
        },
        KeyStoreClause("destructions are due from their moment on, the most overdue first") { store in
            let time = Samples.time
            let lives: [VersionLife] = [30, 10, 20].map {
                .pendingDestruction(Samples.wrapped($0), due: Timestamp(milliseconds: time.milliseconds + Int64($0)))
            }
            let key = try SampleKey("one", lives: lives)
            try await Samples.insert(key, into: store)
            let moment = Timestamp(milliseconds: time.milliseconds + 20)
            let due = try await store.versionsDueForDestruction(by: moment, limit: 9)
            try requireEqual(due.map(\.number.value), [2, 3], "due")
            let first = try await store.versionsDueForDestruction(by: moment, limit: 1)
            try requireEqual(first.map(\.number.value), [2], "the most overdue")
        },
        KeyStoreClause("uses are reserved from what is there, all or none, and counted by day") { store in
            let key = try SampleKey("one", lives: [.active(Samples.wrapped(1))])
            try await Samples.insert(key, into: store)
            let id = VersionID(key: key.id, number: .first)
            try requireEqual(try await store.usage(of: id), nil, "nothing yet")
            try await store.reserve([Samples.reservation(of: id, from: 0, to: 10)])
            try await requireError(.conflict) { try await store.reserve([Samples.reservation(of: id, from: 0, to: 5)]) }
            let unknown = VersionID(key: KeyID(), number: .first)
            try await requireError(.conflict) {
                try await store.reserve([
                    Samples.reservation(of: id, from: 10, to: 20), Samples.reservation(of: unknown, from: 0, to: 10),
                ])
            }
            try requireEqual(try await store.usage(of: id)?.unverified.reserved, 10, "all or none")
            try await store.reserve([Samples.reservation(of: id, from: 10, to: 20)])
            for (day, produced) in [(5, 1), (6, 2), (6, 3)] as [(Int64, UInt64)] {
                let at = Timestamp(milliseconds: day * 100)
                try await store.add([
                    DailyUse(version: id, day: day, produced: produced, consumed: 1, lastAt: at),
                    DailyUse(version: unknown, day: day, produced: 1, consumed: 1, lastAt: at),
                ])
            }
            let all = try await store.uses(of: id, since: 5)
            try requireEqual(
                all, UsageSummary(produced: 6, consumed: 3, lastAt: Timestamp(milliseconds: 600)), "all days")
            try requireEqual(try await store.uses(of: id, since: 6).produced, 5, "from day 6 on")
            try await store.deleteUses(before: 6)
            try requireEqual(try await store.uses(of: id, since: 0).produced, 5, "after day 5 was deleted")
            try requireEqual(try await store.uses(of: unknown, since: 0), .none, "uses of nobody")
        },
        KeyStoreClause("uses of a key are counted by subject and verb, the latest first, and forgotten by day") {
            store in
            let key = try SampleKey("one", lives: [.active(Samples.wrapped(1))])
            try await Samples.insert(key, into: store)
            let (ann, bob) = (try SubjectID("ann"), try SubjectID("bob"))
            let day = Timestamp(milliseconds: 86_400_000)
            func use(_ subject: SubjectID, _ verb: Verb, _ count: UInt64, at: Timestamp, of id: KeyID? = nil) -> KeyUse
            {
                KeyUse(key: id ?? key.id, subject: subject, verb: verb, count: count, lastAt: at)
            }
            let later = day.adding(.seconds(1))
            try await store.add([use(ann, .encrypt, 2, at: later), use(ann, .decrypt, 1, at: day)])
            try await store.add([use(bob, .encrypt, 5, at: later.adding(.seconds(1))), use(ann, .encrypt, 3, at: day)])
            try await store.add([use(ann, .encrypt, 1, at: later, of: KeyID())])
            let all = try await store.uses(of: key.id, limit: 10)
            try requireEqual(
                all,
                [
                    use(bob, .encrypt, 5, at: later.adding(.seconds(1))), use(ann, .encrypt, 5, at: later),
                    use(ann, .decrypt, 1, at: day),
                ], "the uses")
            try requireEqual(try await store.uses(of: key.id, limit: 1).map(\.subject), [bob], "the latest")
            try await store.deleteUses(before: 2)
            try requireEqual(
                try await store.uses(of: key.id, limit: 10), [], "after the days before day 2 were deleted")
        },
        KeyStoreClause("a key is deleted with all that hangs on it, at its revision; a tombstone remains") { store in
            let key = try SampleKey("one", lives: [.active(Samples.wrapped(1))])
            try await Samples.insert(key, into: store)
            let id = VersionID(key: key.id, number: .first)
            try await store.save(Samples.alias("alias", of: key.id, revision: 1))
            try await store.reserve([Samples.reservation(of: id, from: 0, to: 10)])
            try await store.add([DailyUse(version: id, day: 1, produced: 1, consumed: 0, lastAt: Samples.time)])
            let tombstone = Samples.tombstone(of: key)
            let answer = Samples.answer(7)
            try await requireError(.conflict) {
                try await store.delete(key.id, revision: 2, leaving: tombstone, answer: answer)
            }
            try requireEqual(try await store.key(key.id, with: .active), key.stored(with: 1), "still there")
            try await store.delete(key.id, revision: 1, leaving: tombstone, answer: answer)
            try requireEqual(try await store.key(key.id, with: .none), nil, "a deleted key")
            try requireEqual(try await store.alias(try KeyName("alias"), in: Samples.project), nil, "its alias")
            try requireEqual(try await store.usage(of: id), nil, "its usage")
            try requireEqual(try await store.tombstone(of: key.id), tombstone, "the tombstone")
            try requireEqual(try await store.answer(answer.unverified.id), answer, "the answer")
            try await store.insert(try SampleKey("one").key, versions: [], answer: nil)
        },
        KeyStoreClause("versions are found by their check value") { store in
            let lives: [VersionLife] = [.deactivated(Samples.wrapped(1)), .deactivated(Samples.wrapped(2))]
            let key = try SampleKey("one", lives: lives)
            try await Samples.insert(key, into: store)
            guard let value = key.versions[1].unverified.checkValue,
                let other = CheckValue(bytes: Samples.bytes(16, from: 77))
            else { throw ContractViolation("no check value") }
            try requireEqual(try await store.versions(of: key.id, with: value), [key.versions[1]], "found")
            try requireEqual(try await store.versions(of: key.id, with: other), [], "not found")
        },
    ]

    private static func requireError(_ expected: StoreError, _ body: () async throws -> Void) async throws {
        try await requireError(expected, "the call", body)
    }
}

extension SampleKey {
    /// The time at which the rotation of every sample is due.
    static let rotationDue = Samples.time.midnight.adding(days: 365)
}

extension Samples {
    static func alias(_ name: String, of key: KeyID, revision: UInt64) throws -> Sealed<AliasRecord> {
        sealed(
            AliasRecord(
                project: try project, name: try KeyName(name), key: key, revision: revision, changedAt: time))
    }

    static func answer(_ seed: Int) -> Sealed<IdempotentAnswer> {
        sealed(
            IdempotentAnswer(
                id: IdempotentRequestID(bytes: bytes(32, from: seed)), requestDigest: bytes(32, from: seed + 1),
                answer: bytes(500, from: seed + 2), createdAt: time))
    }

    static func reservation(of version: VersionID, from: UInt64, to end: UInt64) -> UsageReservation {
        UsageReservation(from: from, record: sealed(UsageRecord(version: version, reserved: end)))
    }

    static func tombstone(of key: SampleKey) -> Sealed<KeyTombstone> {
        let record = key.key.unverified
        return sealed(
            KeyTombstone(
                id: record.id, project: record.project, name: record.name, recordDigest: bytes(32, from: 3),
                deletedAt: time))
    }
}
