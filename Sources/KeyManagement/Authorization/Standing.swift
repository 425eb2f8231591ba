/// What a bearer token is good for: put together once, and the same for each request that shows it until the store changes.
final class Standing: Sendable {
    let credential: CredentialRecord
    /// Of the credential's subject, as far as the credential goes.
    let profile: Profile
    /// How the audit log names it.
    let authentication: String

    init(_ credential: CredentialRecord, of profile: Profile) {
        self.credential = credential
        self.profile = credential.project.map { profile.restricted(to: $0) } ?? profile
        authentication = "token:\(credential.id)"
    }
}
