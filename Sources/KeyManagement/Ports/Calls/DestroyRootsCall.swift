/// Destroys the roots of an epoch in the token, and verifies that they are gone. It does nothing if the epoch does not exist.
///
/// Keys that were wrapped under these roots can never be unwrapped again.
///
/// - Throws: ``TokenError/unsupported(_:)`` if it is the latest epoch.
public struct DestroyRootsCall: TokenCall {
    public let epoch: RootEpoch

    public init(_ epoch: RootEpoch) {
        self.epoch = epoch
    }

    public func perform(on token: some TokenOperations) async throws(TokenError) -> TokenIdentity {
        try await token.destroyRoots(self)
    }

    /// Destroys the roots in all tokens; none may be missing.
    public func perform(in group: TokenGroup) async throws(TokenError) -> TokenIdentity {
        let all = try group.allTokens()
        for other in all.others { _ = try await other.destroyRoots(epoch) }
        return try await all.first.destroyRoots(epoch)
    }

    public func check(_ identity: TokenIdentity) {}
}

extension Token {
    /// Performs ``DestroyRootsCall``.
    public func destroyRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity {
        try await perform(DestroyRootsCall(epoch))
    }
}
