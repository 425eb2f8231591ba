extension KeyService {
    /// Returns the grants of a key, in the order of their creation.
    package func listGrants(
        of reference: KeyReference, by caller: Caller
    ) async throws(KMSError) -> (grants: [Grant], key: KeyRecord) {
        try await withAudit(.listGrants, by: caller) { (operation) throws(KMSError) in
            let key = try await operation.find(reference, with: .none)
            return (try await grants(of: key.id), key.record)
        }
    }

    /// Returns the grants of a project that a party may retire, with the ids of their keys. It scans all grants of the project.
    ///
    /// For a key that is hidden from the caller, only grants that name the caller are listed, directly or by a group.
    package func listRetirableGrants(
        by retiring: AccessStatement.Party, for caller: Caller
    ) async throws(KMSError) -> [(key: KeyID, grant: Grant)] {
        try await withAudit(.listKeys, by: caller) { (operation) throws(KMSError) in
            guard caller.role == .manager || retiring.names(caller.principal, in: caller.project) else {
                throw .accessDenied(reason: "others' grants are listed for Managers")
            }
            let isOwn = retiring != .everyone && retiring.names(caller.principal, in: caller.project)
            var found: [(key: KeyID, grant: Grant)] = []
            try await eachRecord(KeyGrants.self, of: caller.project.text) { (record) throws(KMSError) in
                let grants = record.grants.filter { $0.retiring == retiring }
                guard !grants.isEmpty else { return }
                if !isOwn {
                    guard let key = try await records.key(record.keyID), key.project == caller.project,
                        case .allowed = AccessPolicy.decide(.listGrants, on: key, for: caller.principal)
                    else { return }
                }
                found += grants.map { (record.keyID, $0) }
            }
            return found
        }
    }
}
