extension KeyService {
    /// Requires that each of these subjects and groups exists. Otherwise a later subject of that name would receive what is
    /// given to the name.
    ///
    /// This check comes last, after the caller was authorised, so that other callers do not learn who is in the directory. With
    /// ``KeyRules/allowsUnlistedPrincipals``, subjects and groups may be unknown to the directory, such as those of an external
    /// issuer. A deleted subject or group is refused even then.
    ///
    /// - Throws: ``KMSError/subjectNotFound(_:)``, ``KMSError/groupNotFound(_:)``
    func requireKnown(_ parties: some Sequence<AccessStatement.Party>) async throws(KMSError) {
        for party in parties {
            switch party {
            case .everyone: continue
            case .subject(let subject):
                let record = try await records.directoryRecord(SubjectRecord.self, subject.text)
                guard record.map({ $0.status != .deleted }) ?? rules.allowsUnlistedPrincipals else {
                    throw .subjectNotFound(subject)
                }
            case .group(let group):
                let record = try await records.directoryRecord(GroupRecord.self, group.text)
                guard record.map({ $0.status != .deleted }) ?? rules.allowsUnlistedPrincipals else {
                    throw .groupNotFound(group)
                }
            }
        }
    }
}
