extension KeyService {
    package func project(_ id: ProjectID, by principal: Principal) async throws(KMSError) -> ProjectRecord {
        try await withAudit(.readDirectory, by: principal, details: ["project": id.text]) { (_) throws(KMSError) in
            try await knownProject(id)
        }
    }

    /// Returns the projects, sorted by name.
    package func listProjects(
        after cursor: ListCursor? = nil, limit: PageLimit = .standard, by principal: Principal
    ) async throws(KMSError) -> Page<ProjectRecord> {
        try await withAudit(.readDirectory, by: principal, details: ["list": "projects"]) { (_) throws(KMSError) in
            try await listDirectory(ProjectRecord.self, ["projects"], after: cursor, limit: limit, for: principal) {
                $0.status != .deleted
            }
        }
    }
}
