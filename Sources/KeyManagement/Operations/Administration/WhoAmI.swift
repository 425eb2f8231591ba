extension KeyService {
    /// What the service knows of who asks.
    public func whoAmI(_ authenticated: Authenticated) async throws(KMSError) -> Authenticated {
        try await perform(.whoAmI, by: authenticated.principal, in: authenticated.project) { (_) throws(KMSError) in
            authenticated
        }
    }
}
