extension KeyService {
    func end(_ id: GrantID, of key: AuthorizedKey) async throws(KMSError) {
        if key.operation.isDryRun {
            guard try await grants(of: key.id).contains(where: { $0.id == id }) else { throw .grantNotFound(id) }
            return
        }
        try await changeGrants(of: key) { (grants) throws(KMSError) in
            guard let place = grants.firstIndex(where: { $0.id == id }) else { throw .grantNotFound(id) }
            grants.remove(at: place)
        }
    }

    /// Reads the grants of a key, lets `edit` change them, and stores the result. It retries after a concurrent change.
    @discardableResult
    func changeGrants<Result>(
        of key: AuthorizedKey, _ edit: (inout [Grant]) throws(KMSError) -> Result
    ) async throws(KMSError) -> Result {
        let operation = key.operation
        for _ in 0..<32 {
            let stored = try await records.directoryRecord(KeyGrants.self, key.id.description)
            var record = stored ?? KeyGrants(keyID: key.id, project: key.record.project, at: clock.now)
            let before = record.grants
            let result = try edit(&record.grants)
            guard record.grants != before else { return result }
            if stored != nil {
                record.revision += 1
                record.changedAt = clock.now
            }
            guard record.canonicalBytes.count <= DirectoryDocument.maxContentLength else {
                throw .limitReached("the grants of a key have at most 64 KiB; retire some first")
            }
            if try await operation.save(record) { return result }
        }
        throw .conflict
    }
}
