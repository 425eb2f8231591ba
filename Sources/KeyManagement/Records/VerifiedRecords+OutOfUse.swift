// What another process took out of use is dropped from the token when this process learns of the change. Until then the token has it
// unwrapped.

extension VerifiedRecords {
    /// Has the token drop the versions of a key that may no longer be used, as far as this process has used them.
    ///
    /// - Parameter key: as it was read and verified; nil when the key was deleted.
    func dropVersionsOutOfUse(of id: KeyID, _ key: KeyRecord?) async {
        for version in token.used.versions(of: id) where key?.permitsUse(of: version.number) != true {
            await token.forget(version)
        }
    }

    /// The same for the secret of an access key.
    func dropSecretOutOfUse(of record: some DirectoryRecord) async {
        guard let key = record as? AccessKeyRecord, key.status != .enabled, token.used.contains(key.keptAs) else {
            return
        }
        await token.forget(key.keptAs)
    }
}

extension KeyRecord {
    /// Whether a version may be used for anything.
    fileprivate func permitsUse(of number: VersionNumber) -> Bool {
        guard availability == .enabled, let state = versions[number]?.state else { return false }
        return StateTable.Use.allCases.contains { StateTable.permits($0, in: state) }
    }
}

extension KeyService {
    /// Drops from the token what other processes took out of use, also where nobody asks for the key here.
    ///
    /// - Parameter limit: how many keys are looked at; the next call goes on with the next ones.
    func dropWhatIsOutOfUse(limit: Int = 1000) async throws(KMSError) {
        for id in token.used.nextKeys(limit) {
            await records.dropVersionsOutOfUse(of: id, try await records.key(id))
        }
    }
}
