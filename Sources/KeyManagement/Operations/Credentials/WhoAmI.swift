extension KeyService {
    /// Returns the service's record of the caller.
    package func whoAmI(_ authenticated: Authenticated) async throws(KMSError) -> Authenticated {
        try await withAudit(.whoAmI, by: authenticated.principal, in: authenticated.project) { (_) throws(KMSError) in
            authenticated
        }
    }
}
