/// What the domain needs from a token for the life of its root keys.
public protocol RootToken: Sendable {
    /// Which token this is, and under which roots, as far as is known here.
    var identity: TokenIdentity { get }

    /// Looks which roots the token has now. Another process may have made some, or destroyed them.
    func readIdentity() async throws(TokenError) -> TokenIdentity

    /// Makes the roots of the epoch after the latest one, in the token. When it returns, new keys are wrapped, and records sealed, under
    /// them. Half a pair that an interrupted call left is cleared away first.
    ///
    /// - Throws: ``TokenError/unsupported(_:)`` when `epoch` is not the one after the latest.
    func makeRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity

    /// Wraps keys anew under the latest roots, inside the token, and makes sure that what comes out is the same key.
    ///
    /// - Throws: ``TokenError/unwrapFailed(_:)`` when one of them cannot be unwrapped.
    func rewrap(_ keys: [KeyToRewrap]) async throws(TokenError) -> [WrappedKey]

    /// Destroys the roots of an epoch, in the token, and makes sure that they are gone. Nothing that was wrapped under them can ever be
    /// unwrapped again. An epoch that is not there is none to destroy.
    ///
    /// - Throws: ``TokenError/unsupported(_:)`` when it is the latest one.
    func destroyRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity
}

/// A wrapped key that is to be under the latest roots.
public struct KeyToRewrap: Sendable {
    /// What the key is, which decides how it is looked at afterwards.
    public enum Purpose: Hashable, Sendable {
        case version(KeyUsage)
        /// The private half of an import job.
        case importJob
    }

    public let name: String
    public let algorithm: KeyAlgorithm
    public let purpose: Purpose
    public let wrapped: WrappedKey
    /// By which a private key is known again.
    public let publicKey: PublicKeyInfo?

    public init(
        name: String, algorithm: KeyAlgorithm, purpose: Purpose, wrapped: WrappedKey, publicKey: PublicKeyInfo?
    ) {
        self.name = name
        self.algorithm = algorithm
        self.purpose = purpose
        self.wrapped = wrapped
        self.publicKey = publicKey
    }
}
