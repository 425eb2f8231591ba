extension KeyService {
    /// Returns the service's record of the caller.
    public func whoAmI(_ authenticated: Authenticated) async throws(KMSError) -> Authenticated {
        try await withAudit(.whoAmI, by: authenticated.principal, in: authenticated.project) { (_) throws(KMSError) in
            authenticated
        }
    }
}
