extension KeyService {
    /// Returns an alias.
    ///
    /// - Throws: ``KMSError/aliasNotFound(_:)``
    package func alias(_ name: KeyName, by caller: Caller) async throws(KMSError) -> AliasRecord {
        try await withAudit(.listAliases, by: caller) { (operation) throws(KMSError) in
            guard let alias = try await verifiedAlias(name, in: caller.project), try await isOpen(alias, to: operation)
            else { throw .aliasNotFound(name) }
            return alias
        }
    }
}
