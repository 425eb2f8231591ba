extension KeyService {
    /// Deletes a subject. Its credentials become invalid, its roles are gone, and its name is never used again.
    ///
    /// Keys that it owns remain; an administrator can transfer them to another owner.
    package func deleteSubject(_ id: SubjectID, by principal: Principal) async throws(KMSError) -> SubjectRecord {
        try await changeSubject(id, .changeSubject, by: principal) { subject in
            subject.status = .deleted
            subject.isAdministrator = false
            subject.groups = []
            subject.roles = .none
            return true
        }
    }
}
