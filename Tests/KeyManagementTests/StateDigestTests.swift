import Foundation
import GRDB
import KMSTesting
import StoreSQLite
import Testing

@testable import KeyManagement

/// An attacker with the database, an SQL shell and older copies of all rows. Each case is tried on three services: one that has
/// used the record, one that runs and has not, and one that starts afterwards.
@Suite
struct StateDigestTests {
    /// The change to the database.
    enum Attack: String, CaseIterable, Sendable {
        case deleteRows
        case restoreRows
        /// Restores the rows and the state digest of the same time.
        case restoreConsistently
        case restoreEverything
    }

    private func attack(_ attack: Attack, _ target: StateCase, _ service: Service) throws {
        switch attack {
        case .deleteRows: try service.sql("DELETE FROM \"\(target.table)\" WHERE \(target.rows)")
        case .restoreRows: try service.restore(target.table, where: target.rows)
        case .restoreConsistently:
            for table in [target.table, "state_shard", "state_member"] {
                try service.restore(table, where: table == target.table ? target.rows : "1")
            }
        case .restoreEverything: for table in Service.keptTables { try service.restore(table) }
        }
    }

    @Test(
        arguments: StateCase.all,
        Attack.allCases)
    func `no record is believed that was removed or put back, whoever reads it`(_ target: StateCase, _ kind: Attack)
        async throws
    {
        let service = try await Service()
        try await target.prepare(service)
        // Once, so that it has been read.
        try? await target.use(service.kms, service)
        try service.keepTables()
        try await target.change(service)
        try? await target.use(service.kms, service)
        let seen = service.kms.stateVector
        let unread = service.restarted()
        let early = try await unread.checkState(against: seen)
        #expect(early == [])
        try attack(kind, target, service)
        for (who, kms) in [("read", service.kms), ("not read", unread)] {
            let error = await refusal("\(who)") { try await target.use(kms, service) }
            #expect(error?.code == .recordTampered, "\(who)")
        }
        let down = service.restarted()
        guard let setBack = try? await down.checkState(against: seen) else {
            // Found at the start.
            return
        }
        if kind == .restoreConsistently || kind == .restoreEverything {
            #expect(!setBack.isEmpty, "found at the start")
        } else {
            let error = await refusal("down") { try await target.use(down, service) }
            #expect(error?.code == .recordTampered, "down")
        }
    }

    @Test(arguments: ["rename", "swap", "alias"])
    func `a name that was exchanged in the database leads to no key`(_ kind: String) async throws {
        let service = try await Service()
        let (one, two) = (try await service.key("one"), try await service.key("two"))
        if kind == "alias" { _ = try await service.kms.setAlias(KeyName("free"), to: .id(one.id), by: service.manager) }
        switch kind {
        case "rename": try service.sql("UPDATE key SET name = 'elsewhere' WHERE name = 'one'")
        case "swap":
            try service.sql("UPDATE key SET name = 'x' WHERE name = 'one'")
            try service.sql("UPDATE key SET name = 'one' WHERE name = 'two'")
            try service.sql("UPDATE key SET name = 'two' WHERE name = 'x'")
        default: try service.sql("UPDATE alias SET key_id = ? WHERE name = 'free'", [Data(two.id.bytes)])
        }
        for kms in [service.kms, service.restarted()] {
            let error = await refusal {
                try await kms.describeKey(.name(KeyName(kind == "alias" ? "free" : "one")), by: service.manager)
            }
            #expect(error?.code == .recordTampered)
        }
    }

    @Test(arguments: ["import_job", "answer"]) func `a record that was genuine once cannot be added`(_ table: String)
        async throws
    {
        let service = try await Service()
        let options = ChangeOptions(
            idempotency: IdempotentRequest(key: try IdempotencyKey("a"), digest: [UInt8](repeating: 1, count: 32)) {
                _ in
                [1]
            })
        let job = try await importJob(service)
        _ = try await service.kms.createKey(CreateKeyRequest(name: KeyName("k")), options: options, by: service.manager)
        try service.keepTables()
        try await service.kms.deleteImportJob(job.id, by: service.manager)
        service.clock.advance(by: .seconds(3 * 24 * 3600))
        _ = await service.kms.runDueTasks()
        #expect(try service.connection { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") } == 0)
        try service.restore(table)
        for kms in [service.kms, service.restarted()] {
            let error = await refusal {
                if table == "answer" {
                    _ = try await kms.createKey(
                        CreateKeyRequest(name: KeyName("k2")), options: options, by: service.manager)
                } else {
                    _ = try await kms.importJob(job.id, by: service.manager)
                }
            }
            #expect(error?.code == .recordTampered)
        }
    }

    /// Returns an import job as the service stores it; the token in memory makes none.
    private func importJob(_ service: Service) async throws -> ImportJob {
        let new = try await service.token.generateKey(.ecP256, for: .signVerify)
        let now = service.clock.now
        let job = ImportJob(
            id: ImportJobID(), project: try Service.shop, subject: try SubjectID("manager"),
            wrappingAlgorithm: .rsa2048,
            method: .oaepSHA256, publicKey: try #require(new.publicKey), wrapped: new.wrapped, createdAt: now,
            expiresAt: now.adding(.seconds(3600)))
        let outcome = try await service.kms.withAudit(.importKey, by: service.manager) { (operation) throws(KMSError) in
            try await operation.save(job, announcing: .init(job)) {
                (job, state) throws(StoreError) in
                try await service.store.insert(job, state: state)
            }
        }
        try outcome.get()
        return job
    }

    @Test(arguments: ["sum", "blind", "counter", "member"])
    func `nobody who has the database alone can make the digest fit`(_ column: String) async throws {
        let service = try await Service()
        try await service.key("one")
        switch column {
        case "counter": try service.sql("UPDATE state_shard SET counter = counter + 1")
        case "member": try service.sql("DELETE FROM state_member; UPDATE state_shard SET member_count = 0")
        default: try service.sql("UPDATE state_shard SET \(column) = zeroblob(length(\(column)))")
        }
        let error = await refusal {
            try await service.restarted().describeKey(.name(KeyName("one")), by: service.manager)
        }
        #expect(error?.code == .recordTampered)
    }

    @Test func `a store whose digest was removed is not used`() async throws {
        let service = try await Service()
        try await service.key("one")
        try service.sql(
            "DELETE FROM state_shard; DELETE FROM state_member; DELETE FROM directory WHERE kind = 'stateKey'")
        let restarted = service.restarted()
        #expect(try await !restarted.hasState())
        for kms in [service.kms, restarted] {
            let error = await refusal { try await kms.describeKey(.name(KeyName("one")), by: service.manager) }
            #expect(error?.code == .recordTampered)
        }
    }

    @Test func `a store of an earlier version is taken over once, with all its records`() async throws {
        let service = try await Service()
        let key = try await service.key("one", versions: 3)
        let ciphertext = try await service.encrypt("before", under: key)
        _ = try await service.kms.setAlias(KeyName("second"), to: .id(key.id), by: service.manager)
        try service.sql(
            "DELETE FROM state_shard; DELETE FROM state_member; DELETE FROM directory WHERE kind = 'stateKey'")
        try service.sql(
            "DELETE FROM wrapped_blob WHERE owner_id NOT IN (SELECT key_id FROM version)")
        let restarted = service.restarted()
        let count = try await restarted.adoptState()
        #expect(count > 10)
        #expect(await refusal { try await restarted.adoptState() }?.code == .stateForbids)
        let again = service.restarted()
        #expect(try await again.checkState(against: restarted.stateVector).isEmpty)
        #expect(try await again.verifyStore().findings.isEmpty)
        #expect(try await again.decrypt(ciphertext, by: service.manager).plaintext.text == "before")
        #expect(try await again.describeKey(.name(KeyName("second")), by: service.manager).id == key.id)
        #expect(service.audit.entries.contains { $0.verb == "adoptState" && $0.outcome == .succeeded })
    }

    @Test func `what an accepted restore leaves behind is older from then on, also where it had more changes`()
        async throws
    {
        let service = try await Service()
        let key = try await service.key("one")
        try service.keepTables()
        for _ in 0..<3 { _ = try await service.kms.rotate(.id(key.id), by: service.manager) }
        let seen = service.kms.stateVector
        try service.keepTables(as: "abandoned")
        for table in Service.keptTables { try service.restore(table) }
        let kms = service.restarted()
        let setBack = try await kms.checkState(against: seen)
        #expect(!setBack.isEmpty)
        try await kms.acceptOlderState(setBack)
        let accepted = kms.stateVector
        #expect(zip(accepted.rows, seen.rows).allSatisfy { $0.counter > $1.counter })
        let verified = service.restarted()
        #expect(try await verified.checkState(against: accepted).isEmpty)
        #expect(try await verified.verifyStore().findings.isEmpty)
        #expect(try await verified.rotate(.id(key.id), by: service.manager).versions.count == 2)
        for table in Service.keptTables { try service.restore(table, from: "abandoned") }
        #expect(try await service.restarted().checkState(against: accepted).count == ShardIndex.count)
        let error = await refusal { try await verified.describeKey(.id(key.id), by: service.manager) }
        #expect(error?.code == .recordTampered)
    }

    @Test func `two processes that change the same shard find each other's changes, and no tampering`() async throws {
        let service = try await Service()
        let key = try await service.key("one")
        let manager = try service.manager
        await withTaskGroup(of: Void.self) { tasks in
            for kms in [service.kms, service.restarted()] {
                tasks.addTask {
                    for _ in 0..<25 {
                        do {
                            _ = try await kms.rotate(.id(key.id), by: manager)
                        } catch {
                            #expect((error as? KMSError) == .conflict)
                        }
                    }
                }
            }
        }
        let versions = try await service.restarted().describeKey(.id(key.id), by: manager).versions.count
        #expect(versions > 25)
        #expect(try await service.restarted().verifyStore().findings.isEmpty)
    }

    @Test(arguments: ["description", "tags"])
    func `the description and the tags of a key are those that were given`(_ column: String) async throws {
        let service = try await Service()
        let key = try await service.key("one")
        try service.sql("UPDATE key SET \(column) = ?", [column == "tags" ? #"[["a","b"]]"# : "forged"])
        for kms in [service.kms, service.restarted()] {
            let error = await refusal { try await kms.describeKey(.id(key.id), by: service.manager) }
            #expect(error?.code == .recordTampered)
        }
    }

    @Test(arguments: ["revision = 9", "parent = 'x'"])
    func `what a document is found by is held against its content`(_ change: String) async throws {
        let service = try await Service()
        try service.sql("UPDATE directory SET \(change) WHERE kind = 'subject' AND name = 'user'")
        let findings = try await service.restarted().verifyStore().findings
        #expect(findings.contains { $0.hasPrefix("subject user") }, "\(findings)")
    }

    @Test func `a digest of a wrapped key that was exchanged for another is found, though their number is right`()
        async throws
    {
        let service = try await Service()
        for name in ["one", "two", "three"] { _ = try await service.key(name) }
        try service.sql(
            "UPDATE wrapped_blob SET digest = randomblob(32) WHERE digest = (SELECT max(digest) FROM wrapped_blob)")
        #expect(try await service.restarted().missing().isEmpty)
        let all = try await service.restarted().verifyStore().findings
        #expect(
            all.count == 1 && all.allSatisfy { $0.contains("wrapped key") && $0.contains("under root epoch 1") },
            "\(all)")
        #expect(try await service.restarted().watchState(pause: .zero) == all)
        // By parts of one record, as the API does it.
        var parts: [String] = []
        var next: StoreCursor? = .start
        while let from = next {
            let cursor = try #require(StoreCursor(from.description))
            let report = try await service.kms.verifyStore(from: cursor, limit: PageLimit(1), by: service.administrator)
            parts += report.findings
            next = report.next
        }
        #expect(parts == all)
    }

    @Test func `a digest of a wrapped key that cannot be read is a finding, and ends no verification`() async throws {
        let service = try await Service()
        for name in ["one", "two"] { _ = try await service.key(name) }
        try service.sql(
            "UPDATE wrapped_blob SET is_access_key = 1 WHERE digest = (SELECT max(digest) FROM wrapped_blob)")
        let findings = try await service.restarted().verifyStore().findings
        #expect(findings.contains { $0.contains("cannot be read") }, "\(findings)")
        #expect(try await !service.restarted().watchState(pause: .zero).isEmpty)
    }

    @Test func `every entry of a change says how far it took the digest, and the store is as far`() async throws {
        let service = try await Service()
        let key = try await service.key("one")
        _ = try await service.encrypt("x", under: key)
        _ = try await service.kms.rotate(.id(key.id), by: service.manager)
        try await service.kms.revokeRole(in: Service.shop, from: .subject(SubjectID("user")), by: service.administrator)
        var newest = StateVector.empty.rows.map(\.counter)
        for entry in service.audit.entries where entry.outcome == .succeeded {
            if !entry.changes.isEmpty { #expect(!entry.state.isEmpty, "\(entry.verb)") }
            for step in entry.state { newest[step.shard.number] = max(newest[step.shard.number], step.counter) }
        }
        let vector = StateVector(try await service.store.shards())
        for (number, row) in vector.rows.enumerated() where newest[number] > 0 {
            #expect(row.counter == newest[number])
        }
        #expect(service.kms.stateVector == vector)
    }

    @Test func `a vector is read as it was written, and nothing else is one`() async throws {
        let service = try await Service()
        try await service.key("one")
        let vector = StateVector(try await service.store.shards())
        let bytes = vector.encoded
        #expect(bytes.count == 163_863 && StateVector(encoded: bytes) == vector)
        for index in [0, 22, bytes.count - 1] {
            var other = bytes
            other[index] ^= 1
            #expect(StateVector(encoded: other) != vector)
        }
        #expect(StateVector(encoded: Array(bytes.dropLast())) == nil)
        #expect(StateVector(encoded: bytes + [0]) == nil)
    }

    @Test
    func `a counter that the store cannot have reached is told apart, and accepting the store does not take it over`()
        async throws
    {
        let service = try await Service()
        try await service.key("one")
        let genuine = service.kms.stateVector
        for (ahead, isBeyond) in [(UInt64(1) << 40, false), ((1 << 40) + 1, true), ((1 << 62) - 1, true)] {
            let kms = service.restarted()
            var rows = genuine.rows
            let own = rows[7].counter
            rows[7] = StateVector.Row(counter: own + ahead, digest: [])
            let setBack = try await kms.checkState(against: StateVector(rows: rows))
            #expect(setBack.map(\.isBeyondReach) == [isBeyond])
            guard isBeyond else { continue }
            try await kms.acceptOlderState(setBack)
            #expect(kms.stateVector.rows[7].counter < own + (1 << 30))
        }
        _ = try await service.restarted().describeKey(.name(try KeyName("one")), by: service.manager)
    }
}
