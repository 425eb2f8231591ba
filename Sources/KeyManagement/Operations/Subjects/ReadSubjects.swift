extension KeyService {
    package func subject(_ id: SubjectID, by principal: Principal) async throws(KMSError) -> SubjectRecord {
        try await withAudit(.readDirectory, by: principal, details: ["target": id.text]) { (_) throws(KMSError) in
            try await knownSubject(id)
        }
    }

    /// Returns the subjects, sorted by name.
    package func listSubjects(
        after cursor: ListCursor? = nil, limit: PageLimit = .standard, by principal: Principal
    ) async throws(KMSError) -> Page<SubjectRecord> {
        try await withAudit(.readDirectory, by: principal, details: ["list": "subjects"]) { (_) throws(KMSError) in
            try await listDirectory(SubjectRecord.self, ["subjects"], after: cursor, limit: limit, for: principal) {
                $0.status != .deleted
            }
        }
    }
}
