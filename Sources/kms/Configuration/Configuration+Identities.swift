import IdentityJWT
import KeyManagement

extension Configuration {
    /// Returns the identity provider whose tokens are accepted in addition to the service's own; nil if none is set.
    static func identities(_ settings: Settings) throws(Failure) -> JWTConfiguration? {
        let issuer = try settings.required(.authJWTIssuer)
        guard !issuer.text.isEmpty else { return nil }
        do throws(KMSError) {
            var configuration = try JWTConfiguration(
                issuer: issuer.text, audience: settings[.authJWTAudience]?.text ?? "",
                keys: settings[.authJWTKeys]?.text ?? "")
            configuration.subjectClaim = settings[.authJWTSubjectClaim]?.text ?? configuration.subjectClaim
            configuration.groupsClaim = settings[.authJWTGroupsClaim]?.text ?? configuration.groupsClaim
            configuration.prefix = settings[.authJWTPrefix]?.text ?? configuration.prefix
            if let claim = settings[.authJWTProjectClaim]?.text, !claim.isEmpty { configuration.projectClaim = claim }
            guard !configuration.prefix.isEmpty else {
                throw .invalidRequest(
                    "without a prefix the issuer could name our own administrators; set auth.jwt-prefix")
            }
            _ = try SubjectID(configuration.prefix + "x")
            return configuration
        } catch {
            throw Failure(.configuration, "auth (\(issuer.origin)): \(error.message)")
        }
    }
}
