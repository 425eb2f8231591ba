extension KeyService {
    /// Revokes a grant. Requires the permission to manage the key.
    ///
    /// - Throws: ``KMSError/grantNotFound(_:)``
    package func revokeGrant(
        _ id: GrantID, of reference: KeyReference, by caller: Caller
    ) async throws(KMSError) {
        try await withAudit(.revokeGrant, by: caller) { (operation) throws(KMSError) in
            operation.recorder.note { $0.details["grant"] = id.description }
            try await end(id, of: try await operation.find(reference, with: .none))
        }
    }
}
