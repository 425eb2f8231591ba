extension KeyService {
    /// Changes the properties that are not `nil`. A project without a location gets one; an existing location cannot be
    /// changed.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` if the project has another location; ``KMSError/nameTaken(_:)`` if another
    ///   project has that location.
    package func updateProject(
        _ id: ProjectID, description: KeyDescription? = nil, location: ProjectLocation? = nil, by principal: Principal
    ) async throws(KMSError) -> ProjectRecord {
        try await withAudit(.changeProject, by: principal, details: ["project": id.text]) {
            (operation) throws(KMSError) in
            var added: [any DirectoryRecord] = []
            let current = try await knownProject(id)
            if let location, current.location == nil {
                try await requireFree(location)
                added = [LocationRecord(location: location, project: id)]
            }
            return try await changeProject(id, adding: added, for: operation) { (project) throws(KMSError) in
                if let description { project.description = description }
                guard let location else { return }
                if let current = project.location, current != location {
                    throw .stateForbids("project '\(id)' is at \(current), and a project cannot be moved")
                }
                project.location = location
            }
        }
    }
}
