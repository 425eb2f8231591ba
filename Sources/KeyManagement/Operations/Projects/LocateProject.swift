extension KeyService {
    /// Returns the enabled project at a location; `nil` if none is. It leaves no entry in the audit log.
    package func project(at location: ProjectLocation) async throws(KMSError) -> ProjectID? {
        guard let found = try await records.directoryRecord(LocationRecord.self, location.description),
            let project = try await records.directoryRecord(ProjectRecord.self, found.project.text),
            project.status == .enabled, project.location == location
        else { return nil }
        return project.id
    }

    /// Returns the location of a project; `nil` if it has none, or the project does not exist. It leaves no entry in the audit
    /// log.
    package func location(of project: ProjectID) async throws(KMSError) -> ProjectLocation? {
        try await records.directoryRecord(ProjectRecord.self, project.text)?.location
    }
}
