/// Makes the roots of the epoch after the latest one, in the token.
///
/// When it returns, new keys are wrapped and records sealed under them. If an interrupted call left half a pair, that half is
/// removed first.
///
/// - Throws: ``TokenError/unsupported(_:)`` if the epoch is not the one after the latest.
package struct MakeRootsCall: TokenCall {
    package let epoch: RootEpoch

    package init(_ epoch: RootEpoch) {
        self.epoch = epoch
    }

    package func perform(on token: some TokenOperations) async throws(TokenError) -> TokenIdentity {
        try await token.makeRoots(self)
    }

    /// Always throws: as soon as one token has new roots, keys wrapped under them can be used in no other.
    package func perform(in group: TokenGroup) async throws(TokenError) -> TokenIdentity {
        throw .unsupported(
            "with token.replicas there are several tokens, and the service does not copy root keys. Configure one token, rotate, copy the "
                + "new root keys to the others as their vendor says, and configure them again")
    }

    package func check(_ identity: TokenIdentity) {}
}

extension Token {
    /// Performs ``MakeRootsCall``.
    package func makeRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity {
        try await perform(MakeRootsCall(epoch))
    }
}
