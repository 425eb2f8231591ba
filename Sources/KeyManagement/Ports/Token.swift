/// What the domain needs from a token: keys that are made, wrapped, sealed and used inside it.
///
/// No plaintext of a version key crosses this border, in either direction. Every call waits in a bounded queue and has a
/// deadline; full or late is ``TokenError/busy(_:)``. A contract suite, `TokenContract`, says in tests what an adapter keeps.
public protocol Token: CustodyToken, RootToken {
    /// Which token this is, and under which roots.
    var identity: TokenIdentity { get }

    /// The algorithms that the token has proved to generate, wrap, unwrap and use.
    var algorithms: Set<KeyAlgorithm> { get }

    /// Those of them whose keys agree on secrets in it, which was proved, too.
    var agreementAlgorithms: Set<KeyAlgorithm> { get }

    /// The ways of bringing material into the token that were proved.
    var importMethods: Set<ImportMethod> { get }

    /// Generates a version key in the token and wraps it under the current root. The plaintext is gone when this returns.
    func generateKey(_ algorithm: KeyAlgorithm, for usage: KeyUsage) async throws(TokenError) -> NewKey

    /// Wraps a secret that was made outside under the current root: a generic secret, taken up as one for HMAC-SHA256. It is an object of
    /// the token for the moment only.
    ///
    /// - Throws: ``TokenError/unsupported(_:)`` when the token wraps no secret of this length; AES-KW takes multiples of 8 bytes only.
    func wrapSecret(_ secret: SecretBytes) async throws(TokenError) -> WrappedKey

    /// Seals each message under the current root epoch: HMAC-SHA256, in order.
    func seal(_ messages: [[UInt8]]) async throws(TokenError) -> [Seal]

    /// Whether each seal was made over its message by a root of this token. A seal of an unknown epoch is not.
    func verify(_ seals: [(seal: Seal, message: [UInt8])]) async throws(TokenError) -> [Bool]

    /// Encrypts with an AES version key and nonces that the token draws, one for each item, in one visit to the token.
    func encrypt(_ items: [Encryption], with key: VersionKey) async throws(TokenError) -> [SealedBox]

    /// Undoes ``encrypt(_:with:)``, item by item. One that is not authentic under this key and data, whatever is wrong with it, is
    /// ``TokenError/rejected`` in its place.
    func decrypt(_ items: [Decryption], with key: VersionKey) async throws(TokenError) -> [TokenResult<SecretBytes>]

    /// Draws random bytes for each order and encrypts them with an AES version key, in one visit to the token.
    func issueDataKeys(_ orders: [DataKeyOrder], with key: VersionKey) async throws(TokenError) -> [TokenDataKey]

    /// Signs with the private half of a version key.
    ///
    /// - Parameters:
    ///   - inputs: digests of the algorithm's hash; whole messages for Ed25519.
    /// - Returns: signatures as PKCS #1 and EdDSA have them; for ECDSA `r | s`, each as long as a coordinate.
    func sign(
        _ inputs: [[UInt8]], by algorithm: SignatureAlgorithm, with key: VersionKey
    ) async throws(TokenError) -> [[UInt8]]

    /// Makes the whole HMAC of each message.
    func authenticate(_ messages: [[UInt8]], with key: VersionKey) async throws(TokenError) -> [[UInt8]]

    /// Agrees on a secret with whoever has the private half of a public key: Diffie-Hellman on the curve of the version key.
    ///
    /// - Returns: the x-coordinate, as long as the curve's are, without any derivation (`CKD_NULL`; NIST SP 800-56A §5.7.1.2). It leaves the
    ///   token, as a data key does.
    /// - Throws: ``TokenError/rejected`` when the public key is none of the same curve.
    func agree(with publicKey: PublicKeyInfo, by key: VersionKey) async throws(TokenError) -> SecretBytes

    /// Decrypts with the private half of an RSA version key. What does not decrypt, for whatever reason, is
    /// ``TokenError/rejected`` in its place, and takes the same time.
    func decrypt(
        _ ciphertexts: [[UInt8]], by algorithm: AsymmetricEncryption, with key: VersionKey
    ) async throws(TokenError) -> [TokenResult<SecretBytes>]

    /// Generates a key pair in the token that leaves it: a data-key pair.
    ///
    /// - Throws: ``TokenError/unsupported(_:)`` when the token lets no private key leave.
    func generateDataKeyPair(_ algorithm: KeyAlgorithm) async throws(TokenError) -> DataKeyPairMaterial

    /// Generates an RSA key pair for material to be brought under. Its private half unwraps, and nothing else.
    func generateImportKey(_ algorithm: KeyAlgorithm) async throws(TokenError) -> NewKey

    /// Unwraps material that was brought, inside the token, and wraps it under the current root. Its plaintext is nowhere else.
    ///
    /// - Throws: ``TokenError/rejected`` when it does not unwrap, or is no key of the algorithm.
    func importKey(_ material: ImportMaterial, under job: ImportJob) async throws(TokenError) -> NewKey

    /// The public half of the audit key, a P-256 pair of the token; nil when the token has none.
    var auditKey: PublicKeyInfo? { get }

    /// Signs a SHA-256 digest (32 bytes) with the audit key.
    ///
    /// - Returns: `r | s`, 64 bytes (ECDSA, FIPS 186-5 §6).
    /// - Throws: ``TokenError/unsupported(_:)`` when the token has no audit key.
    func signAudit(_ digest: [UInt8]) async throws(TokenError) -> [UInt8]

    /// Random bytes of the token's generator.
    func random(byteCount: Int) async throws(TokenError) -> SecretBytes

    /// Drops what is remembered of a version, because it may no longer be used.
    func forget(_ version: VersionID) async

    /// A harmless call that fails when the token cannot be used.
    func checkHealth() async throws(TokenError)
}

/// A version key to be used: unwrapped into the token when it is not there yet.
///
/// Only made from a record whose seal was checked.
public struct VersionKey: Sendable {
    public let id: VersionID
    public let algorithm: KeyAlgorithm
    public let usage: KeyUsage
    public let wrapped: WrappedKey
    /// The public half, where there is one and the caller knows it. Signatures of another process are verified with it.
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

/// What can go wrong at the token, as far as the domain can tell the difference.
public enum TokenError: Error, Hashable, Sendable {
    /// The queue is full, or the deadline passed while waiting. Worth trying again.
    case busy(String)
    /// The token does not answer as it should. Worth trying again when it is back.
    case unavailable(String)
    /// What was to be decrypted is not authentic.
    case rejected
    /// A wrapped key could not be unwrapped, though its seal was right.
    case unwrapFailed(String)
    /// The token has not proved that it can do this. The text goes to the caller: no module's inner words in it.
    case unsupported(String)
    /// Any other failure, with the function and its return value.
    case failed(String)
}
