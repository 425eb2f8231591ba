extension KeyService {
    /// Returns the aliases of the caller's project, or of one of its keys, sorted by name.
    ///
    /// One call reads at most 10,000 aliases. So a page may have fewer than `limit` items, or none, and still be followed by
    /// another.
    package func listAliases(
        of reference: KeyReference? = nil, after cursor: ListCursor? = nil, limit: PageLimit = .standard,
        by caller: Caller
    ) async throws(KMSError) -> Page<AliasRecord> {
        try await withAudit(.listAliases, by: caller) { (operation) throws(KMSError) in
            var id: KeyID?
            if let reference { id = try await operation.find(reference, with: .none).id }
            let scope = ListScope(
                ["aliases"] + [id?.description].compactMap(\.self), for: caller.principal, in: caller.project)
            var place = try await place(of: cursor, in: scope) { (text) throws(KMSError) in try KeyName(alias: text) }
            var aliases: [AliasRecord] = []
            var looked = 0
            while true {
                let (key, start) = (id, place)
                let stored = try await records.read { () throws(StoreError) in
                    try await reader.aliases(in: caller.project, of: key, after: start, limit: limit.count + 1)
                }
                looked += stored.count
                for alias in try await records.verified(stored, of: caller.project)
                where try await isOpen(alias, to: operation) {
                    aliases.append(alias)
                }
                place = stored.last?.unverified.name ?? place
                let isLast = stored.count <= limit.count
                guard isLast || aliases.count > limit.count || looked >= 10_000 else { continue }
                let page = Array(aliases.prefix(limit.count))
                let next = aliases.count > limit.count ? page.last?.name : isLast ? nil : place
                return Page(items: page, next: try await self.cursor(at: next?.text, in: scope))
            }
        }
    }
}
