import Caching
import Crypto
import FoundationEssentials
import JWTKit
package import KeyManagement
package import Logging
import Synchronization

/// Verifies JSON Web Tokens (RFC 7519, profile of RFC 8725) of one issuer.
///
/// The algorithm must be a configured one, and must fit the key. A token's header cannot supply a key, nor name a place to get one from. A
/// verified token is remembered by its hash until it expires, and for a minute at most.
package final class JWTVerifier: IdentityVerifier {
    private struct Verified {
        let identity: ExternalIdentity
        let generation: Int
        let at: ContinuousClock.Instant
        /// The time of verification by the wall clock, which may be set back.
        let goodAt: Timestamp
    }

    /// The reason why a token is refused, for the log.
    private struct Refusal: Error {
        let reason: String
    }

    private let configuration: JWTConfiguration
    private let keys: KeyCache
    private let now: @Sendable () -> ContinuousClock.Instant
    private let logger: Logger
    private let known = Mutex(LeastRecentlyUsed<[UInt8], Verified>(capacity: 10_000))
    private static let memory = Duration.seconds(60)

    /// Makes a verifier.
    ///
    /// - Parameters:
    ///   - configuration: the issuer, the audience and the source of the keys.
    ///   - logger: the log for failures to obtain keys.
    ///   - now: a monotonic clock, for the time that keys and verified tokens are remembered.
    package init(
        _ configuration: JWTConfiguration, logger: Logger,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.configuration = configuration
        self.now = now
        self.logger = logger
        keys = KeyCache(configuration, now: now, logger: logger)
    }

    package func verify(jwt presented: String, at now: Timestamp) async throws(KMSError) -> ExternalIdentity {
        let token: CompactToken
        do throws(CompactToken.Malformed) {
            token = try CompactToken(presented)
        } catch {
            throw refused(error.reason)
        }
        let (issuerKeys, generation) = try await keys.keys(for: token.header.kid)
        let hash = Array(SHA256.hash(data: Array(presented.utf8)))
        if let identity = remembered(hash, generation, at: now) { return identity }
        let identity: ExternalIdentity
        do {
            let claims = try await claims(of: token, by: issuerKeys)
            identity = try self.identity(claims, at: now)
        } catch let refusal as Refusal {
            throw refused(refusal.reason)
        } catch let error as KMSError {
            throw error
        } catch {
            throw refused("the signature is not right")
        }
        known.withLock {
            _ = $0.insert(Verified(identity: identity, generation: generation, at: self.now(), goodAt: now), for: hash)
        }
        return identity
    }

    private func refused(_ reason: String) -> KMSError {
        logger.info("a token of the issuer is not believed", metadata: ["cause": "\(reason)"])
        return .unauthenticated
    }

    private func remembered(_ hash: [UInt8], _ generation: Int, at now: Timestamp) -> ExternalIdentity? {
        let moment = self.now()
        return known.withLock { known in
            guard let verified = known.use(hash), verified.generation == generation,
                verified.at.duration(to: moment) < Self.memory, verified.goodAt <= now,
                verified.identity.expiresAt.map({ now < $0 }) ?? false
            else { return nil }
            return verified.identity
        }
    }

    /// Verifies the signature. The library receives only the signature and the signed bytes. An untrusted header must not reach its parser,
    /// because a number out of range would end the process.
    private func claims(of token: CompactToken, by issuerKeys: IssuerKeys) async throws -> Claims {
        let header = token.header
        guard let algorithm = JWTConfiguration.SigningAlgorithm(rawValue: header.alg),
            configuration.algorithms.contains(algorithm)
        else { throw Refusal(reason: "the algorithm '\(header.alg.prefix(16))' is not taken") }
        guard let key = issuerKeys.key(named: header.kid, for: algorithm) else {
            throw Refusal(reason: "no key of the issuer fits")
        }
        // A collection of one key, so that no other key is tried, whatever the token says.
        let collection = try await JWTKeyCollection().add(jwk: key, isDefault: true)
        let verifier = try await collection.getKey()
        // Any client can have a signature verified, so it runs on threads where it blocks nothing else.
        let isGenuine = try await ComputeThreads.shared.run {
            (try? verifier.verify(token.signature, signs: token.signed)) ?? false
        }
        guard isGenuine else {
            throw Refusal(reason: "the signature is not right")
        }
        do {
            return try JSONDecoder().decode(Claims.self, from: Data(token.payload))
        } catch {
            throw Refusal(reason: "the claims are no JSON object")
        }
    }

    /// Checks the claims against the configuration, and returns the identity that they name.
    private func identity(_ claims: Claims, at now: Timestamp) throws(Refusal) -> ExternalIdentity {
        guard claims.text("iss") == configuration.issuer else { throw Refusal(reason: "another issuer") }
        guard claims.texts("aud").contains(configuration.audience) else { throw Refusal(reason: "another audience") }
        let leeway = configuration.leeway.components.seconds * 1000
        guard let expiry = claims.date("exp") else { throw Refusal(reason: "no exp that is a number") }
        guard now.milliseconds < expiry + leeway else { throw Refusal(reason: "expired") }
        for name in ["nbf", "iat"] where claims.has(name) {
            guard let date = claims.date(name) else { throw Refusal(reason: "\(name) is no number") }
            guard date - leeway <= now.milliseconds else { throw Refusal(reason: "not valid yet (\(name))") }
        }
        guard let name = claims.text(configuration.subjectClaim), !name.isEmpty,
            let subject = try? SubjectID(configuration.prefix + name)
        else { throw Refusal(reason: "\(configuration.subjectClaim) names nobody") }
        let groups = claims.texts(configuration.groupsClaim).prefix(1000).compactMap {
            try? GroupID(configuration.prefix + $0)
        }
        var project: ProjectID?
        if let claim = configuration.projectClaim, claims.has(claim) {
            guard let named = claims.text(claim).flatMap({ try? ProjectID($0) }) else {
                throw Refusal(reason: "\(claim) is no project")
            }
            project = named
        }
        return ExternalIdentity(
            subject: subject, groups: Set(groups), project: project,
            authentication: "jwt:\(configuration.issuer.prefix(256))",
            expiresAt: Timestamp(milliseconds: expiry + leeway))
    }
}
