import KMSTesting
import KeyManagement
import Testing

@Suite
struct RotationTests {
    let service: Service

    init() async throws {
        service = try await Service()
        // 2026-01-01T00:00:00Z; begin in the middle of a day.
        service.clock.advance(by: .seconds(15 * 3600 + 1))
    }

    private func make(_ name: String, every days: Int) async throws -> KeyRecord {
        let request = CreateKeyRequest(name: try KeyName(name), rotation: try RotationPeriod(days: days))
        return try await service.kms.make(request, by: service.manager)
    }

    private func describe(_ key: KeyRecord) async throws -> KeyRecord {
        try await service.kms.describeKey(.id(key.id), by: service.manager)
    }

    @Test func `over three years and with two schedulers, each key is rotated at midnight of its days and never else`()
        async throws
    {
        let keys = try await [1, 7, 90, 365, 1095].asyncMap { ($0, try await make("every-\($0)", every: $0)) }
        let other = service.restarted()
        let start = service.clock.now.midnight
        var rotations: [KeyID: [Timestamp]] = [:]
        for _ in 0..<(3 * 365 * 2) {
            service.clock.advance(by: .seconds(12 * 3600))
            // At 03:00 and 15:00: the rotation due at midnight is done at 03:00.
            async let mine = service.kms.runDueTasks()
            async let theirs = other.runDueTasks()
            let (one, two) = await (mine, theirs)
            #expect(one.failures == 0 && two.failures == 0)
            #expect(Set(one.rotated).isDisjoint(with: two.rotated), "one due date, one rotation")
            for id in one.rotated + two.rotated { rotations[id, default: []].append(service.clock.now) }
        }
        for (days, key) in keys {
            let times = rotations[key.id] ?? []
            #expect(times.count == 3 * 365 / days)
            for (index, time) in times.enumerated() {
                let due = start.adding(days: days * (index + 1))
                #expect(time == due.adding(.seconds(3 * 3600 + 1)), "three hours after midnight of its day")
            }
            let now = try await describe(key)
            #expect(now.versions.count == UInt32(times.count + 1))
            #expect(now.rotatedAt == times.last)
        }
    }

    @Test func `a rotation is due at midnight, not a millisecond before`() async throws {
        let key = try await make("daily", every: 1)
        let due = try #require(key.rotation?.dueAt)
        #expect("\(due)" == "2026-01-02T00:00:00.000Z")
        service.clock.set(Timestamp(milliseconds: due.milliseconds - 1))
        #expect(await service.kms.runDueTasks().rotated.isEmpty)
        service.clock.set(due)
        #expect(await service.kms.runDueTasks().rotated == [key.id])
        #expect(await service.kms.runDueTasks().rotated.isEmpty)
        #expect(try await describe(key).rotation?.dueAt == due.adding(days: 1))
    }

    @Test func `after a long downtime a key is rotated once, and then a period later`() async throws {
        let key = try await make("weekly", every: 7)
        service.clock.advance(by: .seconds(200 * 86_400))
        #expect(await service.restarted().runDueTasks().rotated == [key.id])
        #expect(await service.kms.runDueTasks().rotated.isEmpty)
        let now = try await describe(key)
        #expect(now.versions.count == 2)
        #expect(now.rotation?.dueAt == service.clock.now.midnight.adding(days: 7))
    }

    @Test func `a manual rotation counts as one; a disabled or deactivated key waits`() async throws {
        let key = try await make("monthly", every: 30)
        service.clock.advance(by: .seconds(20 * 86_400))
        let rotated = try await service.kms.rotate(.id(key.id), by: service.manager)
        #expect(rotated.rotation?.dueAt == service.clock.now.midnight.adding(days: 30))
        _ = try await service.kms.disableKey(.id(key.id), by: service.manager)
        service.clock.advance(by: .seconds(60 * 86_400))
        #expect(await service.kms.runDueTasks().isEmpty)
        _ = try await service.kms.enableKey(.id(key.id), by: service.manager)
        let two = try #require(VersionNumber(2))
        _ = try await service.kms.deactivateVersion(two, of: .id(key.id), by: service.manager)
        #expect(await service.kms.runDueTasks().isEmpty)
        _ = try await service.kms.activateVersion(two, of: .id(key.id), by: service.manager)
        #expect(await service.kms.runDueTasks().rotated == [key.id])
    }

    @Test func `rotation by itself is off unless asked, can be changed and turned off, and knows its bounds`()
        async throws
    {
        #expect(try await service.key("plain").rotation == nil)
        let key = try await make("set", every: 1095)
        for days in [0, 2561, -1] { #expect(throws: KMSError.self) { try RotationPeriod(days: days) } }
        let changed = try await service.kms.updateKey(
            .id(key.id), KeyUpdate(rotation: .every(.standard)), by: service.manager
        ).changed.key
        #expect(changed.rotation == RotationPolicy.schedule(every: .standard, from: service.clock.now))
        let off = try await service.kms.updateKey(.id(key.id), KeyUpdate(rotation: .off), by: service.manager)
        #expect(try off.changed.key.rotation == nil)
        service.clock.advance(by: .seconds(4000 * 86_400))
        #expect(await service.kms.runDueTasks().isEmpty)
    }

    @Test(arguments: [
        KeyAlgorithm.ecP256, .ecP384, .ecP521, .hmacSHA256, .hmacSHA512,
    ])
    func `every algorithm rotates; what an old version signed still verifies`(_ algorithm: KeyAlgorithm) async throws {
        let key = try await service.key("signer", algorithm)
        let manager = try service.manager
        let message = Array("message".utf8)
        if algorithm.isAsymmetric {
            let signed = try await service.kms.sign(.message(message), with: .id(key.id), by: manager)
            _ = try await service.kms.rotate(.id(key.id), by: manager)
            let item = VerifyItem(input: .message(message), signature: signed.signature)
            let old = try await service.kms.verify(item, with: .id(key.id), version: .first, by: manager)
            let new = try await service.kms.verify(item, with: .id(key.id), by: manager)
            #expect(old.isValid && !new.isValid && new.version.number.value == 2)
        } else {
            let mac = try await service.kms.generateMAC(of: message, with: .id(key.id), by: manager)
            _ = try await service.kms.rotate(.id(key.id), by: manager)
            let item = VerifyMACItem(message: message, code: mac.code)
            let old = try await service.kms.verifyMAC(item, with: .id(key.id), version: .first, by: manager)
            let new = try await service.kms.verifyMAC(item, with: .id(key.id), by: manager)
            #expect(old.isValid && !new.isValid)
        }
    }
}

extension Array where Element: Sendable {
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
