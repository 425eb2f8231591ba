extension TokenGroup {
    /// Reads the identity of all open tokens; one that answers is enough.
    public func readIdentity() async throws(TokenError) -> TokenIdentity {
        var last = TokenError.unavailable("no token can be used")
        var hasAnswer = false
        for token in tokens {
            do throws(TokenError) {
                _ = try await token.readIdentity()
                hasAnswer = true
            } catch {
                last = error
            }
        }
        guard hasAnswer else { throw last }
        return identity
    }

    /// Always throws: as soon as one token has new roots, keys wrapped under them can be used in no other.
    public func makeRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity {
        throw .unsupported(
            "with token.replicas there are several tokens, and the service does not copy root keys. Configure one token, rotate, copy the "
                + "new root keys to the others as their vendor says, and configure them again")
    }

    public func rewrap(_ keys: [KeyToRewrap]) async throws(TokenError) -> [WrappedKey] {
        try await perform { (token) throws(TokenError) in try await token.rewrap(keys) }
    }

    /// Destroys the roots in all tokens; none may be missing.
    public func destroyRoots(_ epoch: RootEpoch) async throws(TokenError) -> TokenIdentity {
        let all = try allTokens()
        for other in all.others { _ = try await other.destroyRoots(epoch) }
        return try await all.first.destroyRoots(epoch)
    }

    public func facts() async throws(TokenError) -> TokenFacts {
        try await perform { (token) throws(TokenError) in try await token.facts() }
    }

    public func examineRoots() async throws(TokenError) -> [KeyExamination] {
        try await perform { (token) throws(TokenError) in try await token.examineRoots() }
    }

    public func examine(_ keys: [VersionKey]) async throws(TokenError) -> [KeyExamination] {
        try await perform { (token) throws(TokenError) in try await token.examine(keys) }
    }

    private func allTokens() throws(TokenError) -> (first: any Token, others: ArraySlice<any Token>) {
        let open = tokens
        guard let first = open.first, open.count == configuredCount else {
            throw .unavailable("\(configuredCount - open.count) of the tokens cannot be used at the moment")
        }
        return (first, open.dropFirst())
    }
}
