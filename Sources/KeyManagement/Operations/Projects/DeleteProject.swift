extension KeyService {
    /// Deletes a project that has no keys. Its name is never used again.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` if it has keys.
    package func deleteProject(_ id: ProjectID, by principal: Principal) async throws(KMSError) -> ProjectRecord {
        try await withAudit(.changeProject, by: principal, details: ["project": id.text]) {
            (operation) throws(KMSError) in
            _ = try await knownProject(id)
            let keys = try await atStore { () throws(StoreError) in
                try await reader.keys(in: id, after: nil, limit: 1)
            }
            guard keys.isEmpty else { throw .stateForbids("project '\(id)' has keys; delete them first") }
            return try await changeProject(id, for: operation) { (project) throws(KMSError) in
                project.status = .deleted
            }
        }
    }
}
