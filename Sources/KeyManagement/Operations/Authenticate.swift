extension KeyService {
    /// Finds out who presents a bearer token.
    ///
    /// - Parameter presented: the text as it came, or nil when none came.
    /// - Throws: ``KMSError/unauthenticated``, whatever is wrong with it; ``KMSError/recordTampered(_:)`` when what the store
    ///   has of it is not what was sealed.
    public func authenticate(bearer presented: String?, requestID: String) async throws(KMSError) -> Caller {
        guard let presented, let token = BearerToken(presented: presented),
            let credential = try await records.credential(token.hash)
        else { throw .unauthenticated }
        return Caller(
            subject: credential.subject, project: credential.project, role: credential.role, requestID: requestID)
    }
}
