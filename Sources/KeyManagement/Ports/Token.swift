public import SecretMemory

/// The token that the domain requires: keys are generated, wrapped and used inside it, and records are sealed there.
///
/// No plaintext of a version key crosses this interface, in either direction. Every call waits in a bounded queue and has a
/// deadline; a full queue or a missed deadline is ``TokenError/busy(_:)``. The contract suite `TokenContract` tests what an
/// adapter must guarantee.
public protocol Token: CustodyToken, RootToken {
    /// The token and its roots.
    var identity: TokenIdentity { get }

    /// The algorithms that the token has proved to generate, wrap, unwrap and use.
    var algorithms: Set<KeyAlgorithm> { get }

    /// The subset of ``algorithms`` that the token has also proved for key agreement.
    var agreementAlgorithms: Set<KeyAlgorithm> { get }

    /// The methods of importing material that the token has proved to support.
    var importMethods: Set<ImportMethod> { get }

    /// Generates a version key in the token and wraps it under the current root. The plaintext is gone when this returns.
    func generateKey(_ algorithm: KeyAlgorithm, for usage: KeyUsage) async throws(TokenError) -> NewKey

    /// Wraps an externally created secret under the current root, as a generic secret for HMAC-SHA256. The secret is an object
    /// in the token only during the call.
    ///
    /// - Throws: ``TokenError/unsupported(_:)`` if the token wraps no secret of this length; AES-KW takes multiples of 8 bytes
    ///   only.
    func wrapSecret(_ secret: SecretBytes) async throws(TokenError) -> WrappedKey

    /// Seals each message under the current root epoch: HMAC-SHA256, in order.
    func seal(_ messages: [[UInt8]]) async throws(TokenError) -> [Seal]

    /// Returns, for each seal, true if a root of this token made it over its message; false also for a seal of an unknown
    /// epoch.
    func verify(_ seals: [(seal: Seal, message: [UInt8])]) async throws(TokenError) -> [Bool]

    /// Encrypts with an AES version key, in one visit to the token. The token generates a nonce for each item.
    func encrypt(_ items: [Encryption], with key: VersionKey) async throws(TokenError) -> [SealedBox]

    /// Decrypts the results of ``encrypt(_:with:)``, item by item. An item that is not authentic under this key and data is
    /// ``TokenError/rejected`` in its place, whatever the reason.
    func decrypt(_ items: [Decryption], with key: VersionKey) async throws(TokenError) -> [TokenResult<SecretBytes>]

    /// Generates random bytes for each order and encrypts them with an AES version key, in one visit to the token.
    func issueDataKeys(_ orders: [DataKeyOrder], with key: VersionKey) async throws(TokenError) -> [TokenDataKey]

    /// Signs with the private key of a version.
    ///
    /// - Parameters:
    ///   - inputs: digests of the algorithm's hash; whole messages for Ed25519.
    /// - Returns: signatures in the format of PKCS #1 and EdDSA; for ECDSA `r | s`, each as long as a coordinate.
    func sign(
        _ inputs: [[UInt8]], by algorithm: SignatureAlgorithm, with key: VersionKey
    ) async throws(TokenError) -> [[UInt8]]

    /// Computes the full-length HMAC of each message.
    func authenticate(_ messages: [[UInt8]], with key: VersionKey) async throws(TokenError) -> [[UInt8]]

    /// Agrees on a secret with the holder of the private key of a public key: Diffie-Hellman on the curve of the version key.
    ///
    /// - Returns: the x-coordinate, as long as the curve's coordinates, without any derivation (`CKD_NULL`; NIST SP 800-56A
    ///   §5.7.1.2). It leaves the token, as a data key does.
    /// - Throws: ``TokenError/rejected`` if the public key is not on the same curve.
    func agree(with publicKey: PublicKeyInfo, by key: VersionKey) async throws(TokenError) -> SecretBytes

    /// Decrypts with the private key of an RSA version. A ciphertext that does not decrypt is ``TokenError/rejected`` in its
    /// place, whatever the reason, and takes the same time.
    func decrypt(
        _ ciphertexts: [[UInt8]], by algorithm: AsymmetricEncryption, with key: VersionKey
    ) async throws(TokenError) -> [TokenResult<SecretBytes>]

    /// Generates a key pair that leaves the token: a data-key pair.
    ///
    /// - Throws: ``TokenError/unsupported(_:)`` if the token lets no private key leave.
    func generateDataKeyPair(_ algorithm: KeyAlgorithm) async throws(TokenError) -> DataKeyPairMaterial

    /// Generates an RSA key pair for importing material. Its private key can only unwrap.
    func generateImportKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> NewKey

    /// Unwraps imported material inside the token, and wraps it under the current root. Its plaintext exists nowhere else.
    ///
    /// - Throws: ``TokenError/rejected`` if it does not unwrap, or is not a key of the algorithm.
    func importKey(_ material: ImportMaterial, under job: ImportJob) async throws(TokenError) -> NewKey

    /// The public key of the audit key, a P-256 pair in the token; `nil` if the token has none.
    var auditKey: PublicKeyInfo? { get }

    /// Signs a SHA-256 digest (32 bytes) with the audit key.
    ///
    /// - Returns: `r | s`, 64 bytes (ECDSA, FIPS 186-5 §6).
    /// - Throws: ``TokenError/unsupported(_:)`` if the token has no audit key.
    func signAudit(_ digest: [UInt8]) async throws(TokenError) -> [UInt8]

    /// Returns random bytes from the token's generator.
    func random(byteCount: Int) async throws(TokenError) -> SecretBytes

    /// Evicts everything cached for a version, because it may no longer be used.
    func forget(_ version: VersionID) async

    /// Throws if the token cannot be used. The call is harmless.
    func checkHealth() async throws(TokenError)
}

/// A version key to use, which is unwrapped into the token if it is not there yet.
///
/// It is made only from a record whose seal was verified.
public struct VersionKey: Sendable {
    public let id: VersionID
    public let algorithm: KeyAlgorithm
    public let usage: KeyUsage
    public let wrapped: WrappedKey
    /// The public key, if there is one and the caller knows it. Signatures made by another process are verified with it.
    public let publicKey: PublicKeyInfo?

    public init(
        id: VersionID, algorithm: KeyAlgorithm, usage: KeyUsage, wrapped: WrappedKey, publicKey: PublicKeyInfo? = nil
    ) {
        self.id = id
        self.algorithm = algorithm
        self.usage = usage
        self.wrapped = wrapped
        self.publicKey = publicKey
    }
}

/// A failure of the token, as far as the domain distinguishes failures.
public enum TokenError: Error, Hashable, Sendable {
    /// The queue is full, or the deadline passed while waiting. The caller may retry.
    case busy(String)
    /// The token does not answer as it should. The caller may retry when the token is back.
    case unavailable(String)
    /// The ciphertext or material is not authentic.
    case rejected
    /// A wrapped key could not be unwrapped, though its seal was valid.
    case unwrapFailed(String)
    /// The token has not proved that it can do this. The caller sees the text, so it contains no messages of the module.
    case unsupported(String)
    /// Any other failure, with the function and its return value.
    case failed(String)
}
