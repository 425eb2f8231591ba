/// Destroys the roots of an epoch in the token, and verifies that they are gone. It does nothing if the epoch does not exist.
///
/// Keys that were wrapped under these roots can never be unwrapped again.
///
/// - Throws: ``TokenError/unsupported(_:)`` if it is the latest epoch.
package struct DestroyRootsCall: TokenCall {
    package let epoch: RootEpoch

    package init(_ epoch: RootEpoch) {
        self.epoch = epoch
    }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> TokenIdentity {
        try await token.destroyRoots(self)
    }

    /// Destroys the roots in all tokens; none may be missing.
    package func perform(in group: TokenGroup) async throws(TokenError) -> TokenIdentity {
        let all = try group.allTokens()
        for other in all.others { _ = try await other.destroyRoots(epoch) }
        return try await all.first.destroyRoots(epoch)
    }

    package func check(_ identity: TokenIdentity) {}
}

extension Token {
    /// Performs ``DestroyRootsCall``.
    package func destroyRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity {
        try await perform(DestroyRootsCall(epoch))
    }
}
