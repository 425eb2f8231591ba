import LibCrypto
package import SecretMemory

/// A secret shared with the holder of another key pair, and the version that made it here.
package struct AgreedSecret: Sendable {
    /// The x-coordinate of the product, big-endian: 32, 48 or 66 bytes. The caller must derive a key from it (NIST SP 800-56C),
    /// and keep it secret.
    package let secret: SecretBytes
    package let version: VersionID
    package let origin: KeyOrigin
}

extension KeyService {
    /// Computes the shared secret of a version and a given public key, in the token: elliptic-curve Diffie-Hellman with the
    /// cofactor 1 (NIST SP 800-56A §5.7.1.2).
    ///
    /// - Parameters:
    ///   - publicKey: the DER of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) on the key's curve.
    ///   - reference: the key, by id, name or alias.
    ///   - number: the version whose public key the other party has; `nil` for the active one.
    ///   - caller: the caller, with the project of the request.
    /// - Throws: ``KMSError/invalidRequest(_:)`` for an invalid public key, or one on another curve;
    ///   ``KMSError/usageForbids(_:)`` if the key has another usage.
    package func deriveSharedSecret(
        with publicKey: [UInt8], of reference: KeyReference, version number: VersionNumber? = nil, by caller: Caller
    ) async throws(KMSError) -> AgreedSecret {
        try await withAudit(.deriveSharedSecret, by: caller) { (operation) throws(KMSError) in
            let authorized = try await operation.find(reference, with: VersionChoice(number))
            let key = try authorized.usableVersion(to: .consume, usage: .keyAgreement)
            let other = try await Self.publicKey(der: publicKey, for: key.algorithm)
            let secret: SecretBytes
            do throws(KMSError) {
                secret = try await key.agree(with: other)
            } catch {
                operation.recorder.count(key.id, succeeded: 0, failed: 1)
                throw error
            }
            operation.recorder.count(key.id, succeeded: 1, failed: 0)
            meters.note(produced: 1, of: key.id, at: clock.now)
            return AgreedSecret(secret: secret, version: key.id, origin: authorized.record.origin)
        }
    }

    /// Reads a public key and requires that its point is on the curve of the key's algorithm, before the token sees it.
    ///
    /// A point elsewhere would reveal a part of the private key with each secret (NIST SP 800-56A §5.6.2.3).
    private static func publicKey(
        der: [UInt8], for algorithm: KeyAlgorithm
    ) async throws(KMSError) -> PublicKeyInfo {
        let parsed = try await ComputeThreads.shared.publicKey(der: der)
        guard let key = try? parsed.get(), case .ec(let curve) = algorithm.family,
            key.kind == .ec(curve.libCrypto)
        else {
            throw .invalidRequest(
                "the public key must be a SubjectPublicKeyInfo in DER, with a point of \(algorithm.rawValue)")
        }
        return PublicKeyInfo(der: key.der)
    }
}
