import Crypto
import KMSTesting
import KeyManagement
import StoreSQLite
import Testing

/// Versions that one process takes out of use are dropped from another process's token as soon as that process learns of the
/// change. The tests have two services on one database, each with a token of its own that has the same roots.
@Suite struct OutOfUseTests {
    let service: Service
    /// The token of the other process, and that process.
    let token: MemoryToken
    let other: KeyService
    let two: VersionNumber

    init() async throws {
        service = try await Service()
        token = service.token.twin()
        other = KeyService(
            token: token, store: try SQLiteKeyStore.open(path: service.database, access: .existing),
            audit: service.audit, clock: service.clock, recordLease: .zero, logger: Service.logger)
        two = try #require(VersionNumber(2))
    }

    /// Returns a key with two versions, both of which the other process has used.
    private func usedKey(_ name: String) async throws -> (key: KeyRecord, ciphertexts: [Ciphertext]) {
        var key = try await service.key(name)
        let first = try await service.encrypt("one", under: key)
        key = try await service.kms.rotate(.id(key.id), by: service.manager)
        let second = try await service.encrypt("two", under: key)
        for ciphertext in [first, second] { _ = try await other.decrypt(ciphertext, by: service.manager) }
        #expect(token.forgottenVersions.isEmpty)
        return (key, [first, second])
    }

    private func versions(of key: KeyRecord) -> Set<VersionID> {
        [VersionID(key: key.id, number: .first), VersionID(key: key.id, number: two)]
    }

    @Test func `a version whose destruction was scheduled elsewhere is dropped at the next use of the key`()
        async throws
    {
        let (key, ciphertexts) = try await usedKey("destroyed")
        _ = try await service.kms.scheduleDestruction(of: .first, of: .id(key.id), by: service.manager)
        // A ciphertext of the other version.
        #expect(try await other.decrypt(ciphertexts[1], by: service.manager).plaintext.text == "two")
        #expect(token.forgottenVersions == [VersionID(key: key.id, number: .first)])
        #expect(await refusal { try await other.decrypt(ciphertexts[0], by: service.manager) }?.code == .stateForbids)
        #expect(token.forgottenVersions == [VersionID(key: key.id, number: .first)])
    }

    @Test func `a version that was deactivated elsewhere stays, because it still decrypts`() async throws {
        let (key, ciphertexts) = try await usedKey("deactivated")
        _ = try await service.kms.deactivateVersion(two, of: .id(key.id), by: service.manager)
        _ = try await other.decrypt(ciphertexts[1], by: service.manager)
        _ = await other.runDueTasks()
        #expect(token.forgottenVersions.isEmpty)
    }

    @Test func `all versions of a key that was disabled elsewhere are dropped, and are taken up again afterwards`()
        async throws
    {
        let (key, ciphertexts) = try await usedKey("disabled")
        _ = try await service.kms.disableKey(.id(key.id), by: service.manager)
        let error = await refusal { try await other.decrypt(ciphertexts[0], by: service.manager) }
        #expect(error == .keyDisabled(key.name))
        #expect(Set(token.forgottenVersions) == versions(of: key) && token.forgottenVersions.count == 2)
        _ = try await service.kms.enableKey(.id(key.id), by: service.manager)
        #expect(try await other.decrypt(ciphertexts[0], by: service.manager).plaintext.text == "one")
        #expect(token.forgottenVersions.count == 2)
    }

    @Test func `all versions of a key that is to be deleted, or was, are dropped`() async throws {
        let (leaving, ciphertexts) = try await usedKey("leaving")
        _ = try await service.kms.scheduleDeletion(of: .id(leaving.id), in: 7, by: service.manager)
        _ = await refusal { try await other.decrypt(ciphertexts[0], by: service.manager) }
        #expect(Set(token.forgottenVersions) == versions(of: leaving))
    }

    @Test func `the versions of a key that is gone when it is asked for next are dropped`() async throws {
        let (gone, ciphertexts) = try await usedKey("gone")
        _ = try await service.kms.scheduleDeletion(of: .id(gone.id), in: 7, by: service.manager)
        service.clock.advance(by: .seconds(8 * 86_400))
        #expect(await service.kms.runDueTasks().deleted == [gone.id])
        #expect(await refusal { try await other.decrypt(ciphertexts[0], by: service.manager) } == .decryptionFailed)
        #expect(Set(token.forgottenVersions) == versions(of: gone))
    }

    @Test func `where nobody asks for the key, its versions are dropped with the next round of what is due`()
        async throws
    {
        let (key, _) = try await usedKey("unasked")
        let (kept, _) = try await usedKey("kept")
        _ = try await service.kms.disableKey(.id(key.id), by: service.manager)
        #expect(await other.runDueTasks().failures == 0)
        #expect(Set(token.forgottenVersions) == versions(of: key))
        #expect(Set(token.forgottenVersions).isDisjoint(with: versions(of: kept)))
    }

    @Test(arguments: [true, false])
    func `the secret of an access key that was disabled or deleted elsewhere is dropped`(_ isDisabled: Bool)
        async throws
    {
        let location = try #require(try await service.kms.location(of: Service.shop))
        let administrator = try service.administrator
        let key = try await service.kms.createAccessKey(
            for: SubjectID("user"), AccessKeyRequest(account: location.account), by: administrator)
        var code = key.secret.withText { Array("AWS4".utf8) + Array($0) }
        for step in [service.clock.now.basicDay, location.region.text, "kms", "aws4_request", "text"] {
            code = Array(HMAC<SHA256>.authenticationCode(for: Array(step.utf8), using: SymmetricKey(data: code)))
        }
        let signed = SignedRequest(
            accessKey: key.record.id, date: service.clock.now.basicDay, region: location.region, service: "kms",
            stringToSign: Array("text".utf8), signature: code)
        _ = try await other.authenticate(signed, source: nil, requestID: "request")
        if isDisabled {
            _ = try await service.kms.setAccessKeyStatus(key.record.id, enabled: false, by: administrator)
        } else {
            _ = try await service.kms.deleteAccessKey(key.record.id, by: administrator)
        }
        await #expect(throws: SignedRequestError.unknownAccessKey) {
            _ = try await other.authenticate(signed, source: nil, requestID: "request")
        }
        #expect(token.forgottenVersions == [VersionID(key: key.record.handle, number: .first)])
    }
}
