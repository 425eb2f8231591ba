// Versions that another process took out of use are evicted from the token when this process learns of the change. Until then
// the token keeps them unwrapped.

extension VerifiedRecords {
    /// Makes the token evict the versions of a key that may no longer be used, as far as this process has used them.
    ///
    /// - Parameters:
    ///   - id: the id of the key.
    ///   - key: as it was read and verified; `nil` if the key was deleted.
    func dropVersionsOutOfUse(of id: KeyID, _ key: KeyRecord?) async {
        for version in token.used.versions(of: id) where key?.permitsUse(of: version.number) != true {
            await token.forget(version)
        }
    }

    /// Makes the token evict the secret of an access key that may no longer be used.
    func dropSecretOutOfUse(of record: some DirectoryRecord) async {
        guard let key = record as? AccessKeyRecord, key.status != .enabled, token.used.contains(key.keptAs) else {
            return
        }
        await token.forget(key.keptAs)
    }
}

extension KeyRecord {
    /// Returns true if a version may be used for anything.
    fileprivate func permitsUse(of number: VersionNumber) -> Bool {
        guard availability == .enabled, let state = versions[number]?.state else { return false }
        return StateTable.Use.allCases.contains { StateTable.permits($0, in: state) }
    }
}

extension KeyService {
    /// Evicts versions from the token that other processes took out of use, even if no request reads their keys here.
    ///
    /// - Parameter limit: the number of keys to check; the next call continues with the next ones.
    func dropWhatIsOutOfUse(limit: Int = 1000) async throws(KMSError) {
        for id in tokenInformation.usedKeys(limit) {
            await records.dropVersionsOutOfUse(of: id, try await records.key(id))
        }
    }
}
