public import KeyManagement
internal import Synchronization

extension MemoryKeyStore {
    static func keep(_ answer: Sealed<IdempotentAnswer>?, in rows: inout Rows) throws(StoreError) {
        guard let answer else { return }
        guard rows.answers.updateValue(answer, forKey: answer.unverified.id) == nil else { throw .repeated }
    }

    public func delete(
        _ key: KeyID, revision: UInt64, aliases: Int, leaving tombstone: Sealed<KeyTombstone>,
        answer: Sealed<IdempotentAnswer>?, state: StateChange
    ) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            try Self.keep(answer, in: &rows)
            guard rows.keys[key]?.unverified.revision == revision else { throw .conflict }
            guard rows.aliases.values.count(where: { $0.unverified.key == key }) == aliases else { throw .conflict }
            for version in rows.versions[key] ?? [] { rows.register(.version(version)) }
            rows.keys[key] = nil
            rows.versions[key] = nil
            rows.aliases = rows.aliases.filter { $0.value.unverified.key != key }
            rows.reserved = rows.reserved.filter { $0.key.key != key }
            rows.uses = rows.uses.filter { $0.key.key != key }
            guard rows.tombstones.updateValue(tombstone, forKey: key) == nil else { throw .conflict }
            try Self.apply(state, in: &rows)
        }
    }

    public func tombstone(of key: KeyID) async throws(StoreError) -> Sealed<KeyTombstone>? {
        try meetFault()
        return rows.withLock { $0.tombstones[key] }
    }

    public func versions(
        of key: KeyID, with checkValue: CheckValue
    ) async throws(StoreError) -> [Sealed<VersionRecord>] {
        try meetFault()
        return rows.withLock { $0.versions[key] ?? [] }
            .filter { $0.unverified.checkValue == checkValue }
            .sorted { $0.unverified.id.number > $1.unverified.id.number }
    }

    public func alias(_ name: KeyName, in project: ProjectID) async throws(StoreError) -> Sealed<AliasRecord>? {
        try meetFault()
        return rows.withLock { $0.aliases[AliasName(project: project, name: name)] }
    }

    public func save(_ alias: Sealed<AliasRecord>, state: StateChange) async throws(StoreError) {
        let record = alias.unverified
        let name = AliasName(project: record.project, name: record.name)
        try write { (rows) throws(StoreError) in
            let isName = rows.keys.values.contains {
                $0.unverified.project == record.project && $0.unverified.name == record.name
            }
            guard !isName else { throw .nameTaken }
            guard (rows.aliases[name]?.unverified.revision ?? 0) + 1 == record.revision, rows.keys[record.key] != nil
            else { throw .conflict }
            rows.aliases[name] = alias
            try Self.apply(state, in: &rows)
        }
    }

    public func deleteAlias(
        _ name: KeyName, in project: ProjectID, revision: UInt64, state: StateChange
    ) async throws(StoreError) {
        let name = AliasName(project: project, name: name)
        try write { (rows) throws(StoreError) in
            guard rows.aliases[name]?.unverified.revision == revision else { throw .conflict }
            rows.aliases[name] = nil
            try Self.apply(state, in: &rows)
        }
    }

    public func aliases(
        in project: ProjectID, of key: KeyID?, after cursor: KeyName?, limit: Int
    ) async throws(StoreError) -> [Sealed<AliasRecord>] {
        try meetFault()
        let aliases = rows.withLock { Array($0.aliases.values) }
            .filter { alias in
                alias.unverified.project == project && (key == nil || alias.unverified.key == key)
                    && cursor.map { $0 < alias.unverified.name } ?? true
            }
            .sorted { $0.unverified.name < $1.unverified.name }
        return Array(aliases.prefix(limit))
    }

    public func answer(_ id: IdempotentRequestID) async throws(StoreError) -> Sealed<IdempotentAnswer>? {
        try meetFault()
        return rows.withLock { $0.answers[id] }
    }

    public func answers(before moment: Timestamp, limit: Int) async throws(StoreError) -> [IdempotentRequestID] {
        try meetFault()
        let old = rows.withLock { Array($0.answers.values) }
            .filter { $0.unverified.createdAt < moment }
            .sorted { $0.unverified.createdAt < $1.unverified.createdAt }.prefix(limit)
        return old.map(\.unverified.id)
    }

    public func deleteAnswers(_ ids: [IdempotentRequestID], state: StateChange) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            for id in ids { rows.answers[id] = nil }
            try Self.apply(state, in: &rows)
        }
    }

    public func keysDueForRotation(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        try meetFault()
        var due: [(id: KeyID, at: Timestamp)] = []
        for key in rows.withLock({ $0.keys.values.map(\.unverified) }) {
            guard let rotation = key.rotation, rotation.dueAt <= moment, key.availability == .enabled,
                key.origin == .generated, key.state == .active
            else { continue }
            due.append((key.id, rotation.dueAt))
        }
        return due.sorted { $0.at < $1.at }.prefix(limit).map(\.id)
    }

    public func keysDueForDeletion(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        try keysDue(by: moment, limit: limit) { $0.deletionDueAt }
    }

    public func keysWithExpiredMaterial(by moment: Timestamp, limit: Int) async throws(StoreError) -> [KeyID] {
        try meetFault()
        var due: [KeyID: Timestamp] = [:]
        func note(_ key: KeyID, _ time: Timestamp?) {
            guard let time, time <= moment else { return }
            due[key] = min(due[key] ?? time, time)
        }
        for key in rows.withLock({ $0.keys.values.map(\.unverified) }) { note(key.id, key.materialExpiresAt) }
        for version in rows.withLock({ $0.versions.values.flatMap(\.self) }).map(\.unverified)
        where version.life.wrapped != nil { note(version.id.key, version.materialExpiry?.time) }
        return due.sorted { $0.value < $1.value }.prefix(limit).map(\.key)
    }

    private func keysDue(
        by moment: Timestamp, limit: Int, _ time: (KeyRecord) -> Timestamp?
    ) throws(StoreError) -> [KeyID] {
        try meetFault()
        let due = rows.withLock { $0.keys.values.map(\.unverified) }.filter { time($0).map { $0 <= moment } ?? false }
        return due.sorted { time($0) ?? moment < time($1) ?? moment }.prefix(limit).map(\.id)
    }

    public func versionsDueForDestruction(by moment: Timestamp, limit: Int) async throws(StoreError) -> [VersionID] {
        try meetFault()
        var due: [(id: VersionID, at: Timestamp)] = []
        for version in rows.withLock({ $0.versions.values.flatMap(\.self) }) {
            guard case .pendingDestruction(_, let time) = version.unverified.life, time <= moment else { continue }
            due.append((version.unverified.id, time))
        }
        return due.sorted { $0.at < $1.at }.prefix(limit).map(\.id)
    }

    public func insert(_ job: Sealed<ImportJob>, state: StateChange) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            guard rows.jobs.updateValue(job, forKey: job.unverified.id) == nil else { throw .conflict }
            try Self.apply(state, in: &rows)
        }
    }

    public func importJob(_ id: ImportJobID) async throws(StoreError) -> Sealed<ImportJob>? {
        try meetFault()
        return rows.withLock { $0.jobs[id] }
    }

    public func deleteImportJob(_ id: ImportJobID, state: StateChange) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            if let job = rows.jobs[id] { rows.register(.importJob(job)) }
            rows.jobs[id] = nil
            try Self.apply(state, in: &rows)
        }
    }

    public func importJobsExpired(by moment: Timestamp, limit: Int) async throws(StoreError) -> [ImportJobID] {
        try meetFault()
        let expired = rows.withLock { $0.jobs.values.map(\.unverified) }
            .filter { $0.expiresAt <= moment }.sorted { $0.expiresAt < $1.expiresAt }
        return expired.prefix(limit).map(\.id)
    }

    public func usage(of version: VersionID) async throws(StoreError) -> Sealed<UsageRecord>? {
        try meetFault()
        return rows.withLock { $0.reserved[version] }
    }

    public func reserve(_ reservations: [UsageReservation], state: StateChange) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            for reservation in reservations {
                let id = reservation.record.unverified.version
                guard (rows.reserved[id]?.unverified.reserved ?? 0) == reservation.from,
                    rows.versions[id.key]?.contains(where: { $0.unverified.id == id }) ?? false
                else { throw .conflict }
                rows.reserved[id] = reservation.record
            }
            try Self.apply(state, in: &rows)
        }
    }

    public func add(_ uses: [DailyUse]) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            for use in uses where rows.versions[use.version.key] != nil {
                guard var sum = rows.uses[use.version]?[use.day] else {
                    rows.uses[use.version, default: [:]][use.day] = use
                    continue
                }
                sum.produced += use.produced
                sum.consumed += use.consumed
                sum.lastAt = max(sum.lastAt, use.lastAt)
                rows.uses[use.version]?[use.day] = sum
            }
        }
    }

    public func uses(of version: VersionID, since day: Int64) async throws(StoreError) -> UsageSummary {
        try meetFault()
        let uses = rows.withLock { $0.uses[version] ?? [:] }.values.filter { $0.day >= day }
        return UsageSummary(
            produced: uses.reduce(0) { $0 + $1.produced }, consumed: uses.reduce(0) { $0 + $1.consumed },
            lastAt: uses.map(\.lastAt).max())
    }

    public func deleteUses(before day: Int64) async throws(StoreError) {
        try write { (rows) throws(StoreError) in
            rows.uses = rows.uses.mapValues { $0.filter { $0.key >= day } }.filter { !$0.value.isEmpty }
        }
    }
}
