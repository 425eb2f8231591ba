extension KeyService {
    /// Returns the versions of a key, the newest first.
    package func listVersions(
        of reference: KeyReference, after cursor: ListCursor? = nil, limit: PageLimit = .standard,
        for action: KeyAction = .describeKey, by caller: Caller
    ) async throws(KMSError) -> Page<VersionRecord> {
        try await withAudit(.describeKey, by: caller) { (operation) throws(KMSError) in
            let key = try await operation.narrowed(to: action).find(reference, with: .none).record
            let scope = ListScope(["versions", "\(key.id)"], for: caller.principal, in: caller.project)
            let place = try await place(of: cursor, in: scope) { (text) throws(KMSError) in
                guard let number = VersionNumber(text) else { throw .invalidCursor }
                return number
            }
            let stored = try await records.read { () throws(StoreError) in
                try await reader.versions(of: key.id, before: place, limit: limit.count + 1)
            }
            let isLast = stored.count <= limit.count
            let versions = try await records.verified(
                Array(stored.prefix(limit.count)), of: key, before: place, isLast: isLast)
            let next = isLast ? nil : versions.last?.id.number.description
            return Page(items: versions, next: try await self.cursor(at: next, in: scope))
        }
    }
}
