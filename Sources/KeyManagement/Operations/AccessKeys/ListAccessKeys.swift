extension KeyService {
    /// Returns the access keys of a subject, including those that are disabled, deleted or expired.
    package func listAccessKeys(
        of subject: SubjectID, after cursor: ListCursor? = nil, limit: PageLimit = .standard, by principal: Principal
    ) async throws(KMSError) -> Page<AccessKeyRecord> {
        try await withAudit(.readCredentials, by: principal, details: ["target": subject.text]) {
            (_) throws(KMSError) in
            _ = try await knownSubject(subject)
            return try await listDirectory(
                AccessKeyRecord.self, ["access-keys", subject.text], of: subject.text, after: cursor, limit: limit,
                for: principal
            ) { _ in true }
        }
    }
}
