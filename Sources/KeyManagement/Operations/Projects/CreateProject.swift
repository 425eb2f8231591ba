extension KeyService {
    /// Creates a project.
    ///
    /// - Parameters:
    ///   - id: the id of the project.
    ///   - description: a text for people.
    ///   - location: its location for AWS clients; `nil` for a random one that no other project has.
    ///   - principal: the principal that asks.
    /// - Throws: ``KMSError/nameTaken(_:)`` if a project of that name or at that location exists or existed.
    @discardableResult
    package func createProject(
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

    func requireFree(_ location: ProjectLocation) async throws(KMSError) {
        let taken = try await records.directoryRecord(LocationRecord.self, location.description)
        guard taken == nil else { throw .nameTaken(location.description) }
    }
}
