internal import JWTKit
public import KeyManagement

/// Believes JSON Web Tokens (RFC 7519) of one issuer.
public final class JWTVerifier: Sendable {
}
