/// A resolved bearer token. It is computed once, and shared by all requests with that token until the store changes.
final class ResolvedCredential: Sendable {
    let credential: CredentialRecord
    /// The profile of the credential's subject, restricted to the credential's scope.
    let profile: Profile
    /// The authentication as the audit log names it.
    let authentication: String

    init(_ credential: CredentialRecord, of profile: Profile) {
        self.credential = credential
        self.profile = credential.project.map { profile.restricted(to: $0) } ?? profile
        authentication = "token:\(credential.id)"
    }
}
