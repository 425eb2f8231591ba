extension KeyService {
    func changeProject(
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
