extension KeyService {
    @discardableResult
    public func createProject(
        _ id: ProjectID, description: KeyDescription = .none, by principal: Principal
    ) async throws(KMSError) -> ProjectRecord {
        try await perform(.changeProject, by: principal, ["project": id.text]) { (notes) throws(KMSError) in
            let project = ProjectRecord(id: id, description: description, at: clock.now)
            try await addToDirectory(project, .changeProject, by: principal, notes)
            return project
        }
    }

    public func project(_ id: ProjectID, by principal: Principal) async throws(KMSError) -> ProjectRecord {
        try await perform(.readDirectory, by: principal, ["project": id.text]) { (_) throws(KMSError) in
            try await knownProject(id)
        }
    }

    /// The projects, sorted by name.
    public func listProjects(
        after cursor: String? = nil, limit: PageLimit = .standard, by principal: Principal
    ) async throws(KMSError) -> Page<ProjectRecord, String> {
        try await perform(.readDirectory, by: principal, ["list": "projects"]) { (_) throws(KMSError) in
            try await listDirectory(ProjectRecord.self, after: cursor, limit: limit) { $0.status != .deleted }
        }
    }

    public func updateProject(
        _ id: ProjectID, description: KeyDescription, by principal: Principal
    ) async throws(KMSError) -> ProjectRecord {
        try await changeProject(id, by: principal) { $0.description = description }
    }

    /// Deletes a project that has no keys. Its name is not given again.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` when it has keys.
    public func deleteProject(_ id: ProjectID, by principal: Principal) async throws(KMSError) -> ProjectRecord {
        try await changeProject(id, isDeletion: true, by: principal) { $0.status = .deleted }
    }

    private func changeProject(
        _ id: ProjectID, isDeletion: Bool = false, by principal: Principal, _ edit: (inout ProjectRecord) -> Void
    ) async throws(KMSError) -> ProjectRecord {
        try await perform(.changeProject, by: principal, ["project": id.text]) { (notes) throws(KMSError) in
            _ = try await knownProject(id)
            if isDeletion {
                let keys = try await atStore { () throws(StoreError) in
                    try await store.keys(in: id, after: nil, limit: 1)
                }
                guard keys.isEmpty else { throw .stateForbids("project '\(id)' has keys; delete them first") }
            }
            return try await changeDirectory(
                ProjectRecord.self, id.text, .changeProject, by: principal, notes, notFound: .projectNotFound(id)
            ) { (project) throws(KMSError) in
                guard project.status != .deleted else { throw .projectNotFound(id) }
                edit(&project)
                return true
            }
        }
    }

    func knownProject(_ id: ProjectID) async throws(KMSError) -> ProjectRecord {
        guard let project = try await records.directoryRecord(ProjectRecord.self, id.text), project.status != .deleted
        else { throw .projectNotFound(id) }
        return project
    }
}
