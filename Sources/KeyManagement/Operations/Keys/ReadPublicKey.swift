import LibCrypto

/// The public key of a version, in the usual formats.
package struct ReadablePublicKey: Sendable {
    package let version: VersionID
    package let algorithm: KeyAlgorithm
    package let usage: KeyUsage
    /// SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    package let der: [UInt8]
    /// The same key in PEM (RFC 7468 §13).
    package let pem: String
    /// The members of a JSON Web Key (RFC 7517, RFC 7518 §6, RFC 8037), in order.
    package let jwk: [(name: String, value: String)]
}

extension KeyService {
    /// Returns the public key of a version. A version that may no longer be used is included, so that old signatures can be
    /// verified elsewhere.
    ///
    /// - Parameters:
    ///   - reference: the key, by id, name or alias.
    ///   - number: the version; `nil` for the active one.
    ///   - caller: the caller, with the project of the request.
    package func publicKey(
        of reference: KeyReference, version number: VersionNumber? = nil, by caller: Caller
    ) async throws(KMSError) -> ReadablePublicKey {
        try await withAudit(.readPublicKey, by: caller) { (operation) throws(KMSError) in
            let key = try await operation.find(reference, with: VersionChoice(number))
            guard let version = key.version else {
                if let number { throw .versionNotFound(number) }
                throw .stateForbids("key '\(key.record.name)' has no active version; name the version")
            }
            let publicKey = try await publicKeys.key(of: version)
            return ReadablePublicKey(
                version: version.id, algorithm: version.algorithm, usage: version.usage, der: publicKey.der,
                pem: publicKey.pem, jwk: publicKey.jwk)
        }
    }
}
