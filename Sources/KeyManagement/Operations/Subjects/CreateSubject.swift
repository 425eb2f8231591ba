extension KeyService {
    /// Adds a subject, without roles.
    @discardableResult
    package func createSubject(
        _ id: SubjectID, _ kind: SubjectKind = .user, description: KeyDescription = .none,
        isAdministrator: Bool = false, by principal: Principal
    ) async throws(KMSError) -> SubjectRecord {
        try await withAudit(.changeSubject, by: principal, details: ["target": id.text]) {
            (operation) throws(KMSError) in
            let subject = SubjectRecord(
                id: id, kind: kind, description: description, isAdministrator: isAdministrator, at: clock.now)
            try await operation.addToDirectory(subject)
            return subject
        }
    }
}
