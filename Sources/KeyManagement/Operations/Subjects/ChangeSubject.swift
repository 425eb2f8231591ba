extension KeyService {
    /// Changes a subject by `edit`.
    ///
    /// - Parameters:
    ///   - id: the id of the subject.
    ///   - verb: the verb to perform.
    ///   - project: the project of the operation; `nil` if it concerns none.
    ///   - details: further details of the audit entry.
    ///   - principal: the principal that asks.
    ///   - requirement: a further check, made after the caller was authorised.
    ///   - edit: returns false if there is nothing to change.
    func changeSubject(
        _ id: SubjectID, _ verb: Verb, in project: ProjectID? = nil, _ details: [String: String] = [:],
        by principal: Principal, requiring requirement: () async throws(KMSError) -> Void = {},
        _ edit: (inout SubjectRecord) throws(KMSError) -> Bool
    ) async throws(KMSError) -> SubjectRecord {
        let details = details.merging(["target": id.text]) { $1 }
        return try await withAudit(verb, by: principal, in: project, details: details) { (operation) throws(KMSError) in
            try await requirement()
            return try await operation.changeDirectory(
                SubjectRecord.self, id.text, notFound: .subjectNotFound(id)
            ) { (subject) throws(KMSError) in
                guard subject.status != .deleted else { throw .subjectNotFound(id) }
                return try edit(&subject)
            }
        }
    }

    func knownSubject(_ id: SubjectID) async throws(KMSError) -> SubjectRecord {
        guard let subject = try await records.directoryRecord(SubjectRecord.self, id.text), subject.status != .deleted
        else { throw .subjectNotFound(id) }
        return subject
    }
}
