import KMSClient

extension KMSClient {
    /// Returns the names of the projects in an account for AWS clients.
    ///
    /// - Throws: a ``Failure`` if there is none, because a mistyped account would otherwise look like a success.
    func projects(ofAccount account: String) async throws -> [String] {
        var names: [String] = []
        var cursor: String?
        repeat {
            let query = APIPath.query(ListPage(limit: 1000, cursor: cursor))
            let page = try await send(KMSRequest<ProjectPageAnswer>(.get, "/api/v1/projects" + query))
            names += page.projects.filter { $0.account == account }.map(\.name)
            cursor = page.next
        } while cursor != nil
        guard !names.isEmpty else {
            throw Failure(.notFound, "no project is in account \(account); 'kms project list' shows the accounts")
        }
        return names
    }
}
