extension KeyService {
    /// Requires that there is somebody of each of these names: what is given to a name would be that of whoever is given the name later.
    ///
    /// Asked last of all, when it is clear that the caller may give what is given: others do not learn who is in the directory. Where others
    /// vouch for subjects and groups, the directory need not know them.
    ///
    /// - Throws: ``KMSError/subjectNotFound(_:)``, ``KMSError/groupNotFound(_:)``
    func requireKnown(_ parties: some Sequence<AccessStatement.Party>) async throws(KMSError) {
        for party in parties {
            switch party {
            case .everyone: continue
            case .subject(let subject):
                let record = try await records.directoryRecord(SubjectRecord.self, subject.text)
                guard record.map({ $0.status != .deleted }) ?? (identities != nil) else {
                    throw .subjectNotFound(subject)
                }
            case .group(let group):
                let record = try await records.directoryRecord(GroupRecord.self, group.text)
                guard record.map({ $0.status != .deleted }) ?? (identities != nil) else { throw .groupNotFound(group) }
            }
        }
    }
}
