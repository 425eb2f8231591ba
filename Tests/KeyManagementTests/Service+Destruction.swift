import KMSTesting
import StoreSQLite
import Testing

@testable import KeyManagement

extension Service {
    /// Schedules the destruction of a version, as the corresponding operation does.
    func schedule(_ number: UInt32, of key: KeyRecord) async throws -> KeyRecord {
        try await move(number, of: key, to: .pendingDestruction) { wrapped in
            .pendingDestruction(wrapped, due: Timestamp(milliseconds: 1_800_000_000_000))
        }
    }

    /// Schedules the destruction of a version, and destroys it.
    func destroy(_ number: UInt32, of key: KeyRecord) async throws -> KeyRecord {
        let scheduled = try await schedule(number, of: key)
        return try await move(number, of: scheduled, to: .destroyed) { _ in
            .destroyed(blobDigest: [UInt8](repeating: 9, count: 32))
        }
    }

    private func move(
        _ number: UInt32, of key: KeyRecord, to state: VersionState, life: (WrappedKey) -> VersionLife
    ) async throws -> KeyRecord {
        let version = try #require(VersionNumber(number))
        var record = try await kms.describeVersion(version, of: .id(key.id), by: manager)
        var key = try await kms.describeKey(.id(key.id), by: manager)
        key.versions.move(version, to: state)
        key.touch(at: clock.now)
        record.life = life(try #require(record.life.wrapped))
        record.stateCounter += 1
        record.changedAt = clock.now
        let (changed, updated) = (key, record)
        try await kms.withAudit(.changeState, by: manager) { (operation) throws(KMSError) in
            try await operation.save(changed, before: changed, updated: [updated])
        }.get()
        await kms.tokenInformation.forget(record.id)
        return key
    }
}
