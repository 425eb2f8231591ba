extension KeyService {
    /// Creates a project.
    ///
    /// - Parameter location: its location for AWS clients; `nil` for a random one that no other project has.
    /// - Throws: ``KMSError/nameTaken(_:)`` if a project of that name or at that location exists or existed.
    @discardableResult
    public func createProject(
        _ id: ProjectID, description: KeyDescription = .none, location: ProjectLocation? = nil, by principal: Principal
    ) async throws(KMSError) -> ProjectRecord {
        try await withAudit(.changeProject, by: principal, details: ["project": id.text]) {
            (operation) throws(KMSError) in
            // If a random location is taken, another one is chosen.
            for _ in 0..<8 {
                guard try await records.newestDocument(.project, id.text) == nil else { throw .nameTaken(id.text) }
                let place = location ?? .random()
                if location != nil { try await requireFree(place) }
                let project = ProjectRecord(id: id, description: description, location: place, at: clock.now)
                let record = LocationRecord(location: place, project: id)
                if try await operation.save([record, project]) { return project }
            }
            throw .conflict
        }
    }

    private func requireFree(_ location: ProjectLocation) async throws(KMSError) {
        let taken = try await records.directoryRecord(LocationRecord.self, location.description)
        guard taken == nil else { throw .nameTaken(location.description) }
    }

    public func project(_ id: ProjectID, by principal: Principal) async throws(KMSError) -> ProjectRecord {
        try await withAudit(.readDirectory, by: principal, details: ["project": id.text]) { (_) throws(KMSError) in
            try await knownProject(id)
        }
    }

    /// Returns the projects, sorted by name.
    public func listProjects(
        after cursor: ListCursor? = nil, limit: PageLimit = .standard, by principal: Principal
    ) async throws(KMSError) -> Page<ProjectRecord> {
        try await withAudit(.readDirectory, by: principal, details: ["list": "projects"]) { (_) throws(KMSError) in
            try await listDirectory(ProjectRecord.self, ["projects"], after: cursor, limit: limit, for: principal) {
                $0.status != .deleted
            }
        }
    }

    /// Changes the properties that are not `nil`. A project without a location gets one; an existing location cannot be
    /// changed.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` if the project has another location; ``KMSError/nameTaken(_:)`` if another
    ///   project has that location.
    public func updateProject(
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
                    throw .stateForbids("project '\(id)' is at \(current), and a project never moves")
                }
                project.location = location
            }
        }
    }

    /// Deletes a project that has no keys. Its name is never used again.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` if it has keys.
    public func deleteProject(_ id: ProjectID, by principal: Principal) async throws(KMSError) -> ProjectRecord {
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

    private func changeProject(
        _ id: ProjectID, adding added: [any DirectoryRecord] = [], for operation: OperationContext,
        _ edit: (inout ProjectRecord) throws(KMSError) -> Void
    ) async throws(KMSError) -> ProjectRecord {
        try await operation.changeDirectory(
            ProjectRecord.self, id.text, notFound: .projectNotFound(id), adding: added
        ) { (project) throws(KMSError) in
            guard project.status != .deleted else { throw .projectNotFound(id) }
            try edit(&project)
            return true
        }
    }

    func knownProject(_ id: ProjectID) async throws(KMSError) -> ProjectRecord {
        guard let project = try await records.directoryRecord(ProjectRecord.self, id.text), project.status != .deleted
        else { throw .projectNotFound(id) }
        return project
    }
}

extension KeyService {
    /// Returns the enabled project at a location; `nil` if none is. It leaves no entry in the audit log.
    public func project(at location: ProjectLocation) async throws(KMSError) -> ProjectID? {
        guard let found = try await records.directoryRecord(LocationRecord.self, location.description),
            let project = try await records.directoryRecord(ProjectRecord.self, found.project.text),
            project.status == .enabled, project.location == location
        else { return nil }
        return project.id
    }

    /// Returns the location of a project; `nil` if it has none, or the project does not exist. It leaves no entry in the audit
    /// log.
    public func location(of project: ProjectID) async throws(KMSError) -> ProjectLocation? {
        try await records.directoryRecord(ProjectRecord.self, project.text)?.location
    }
}
