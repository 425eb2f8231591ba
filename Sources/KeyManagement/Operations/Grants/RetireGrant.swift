extension KeyService {
    /// Retires a grant. Allowed for its retiring party, for its grantee if the grant allows it, and for managers of the key.
    ///
    /// - Throws: ``KMSError/grantNotFound(_:)``, ``KMSError/accessDenied(reason:)``
    package func retireGrant(
        _ id: GrantID, of keyID: KeyID, by caller: Caller
    ) async throws(KMSError) {
        try await withAudit(.retireGrant, by: caller) { (operation) throws(KMSError) in
            operation.recorder.note { $0.details["grant"] = id.description }
            let key = try await operation.find(keyID) { (key) throws(KMSError) in
                let found = try await grants(of: keyID).first { $0.id == id }
                let isForbidden = AccessPolicy.isForbidden([.retireGrant], on: key, for: caller.principal)
                guard let found, found.isRetirable(by: caller.principal, in: key.project), !isForbidden else {
                    return nil
                }
                return "grant \(id)"
            }
            try await end(id, of: key)
        }
    }
}
