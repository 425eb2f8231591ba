/// Evicts everything cached for a version, because it may no longer be used.
package struct ForgetCall: TokenCall {
    package let version: VersionID

    package init(_ version: VersionID) {
        self.version = version
    }

    package var cacheEffect: VersionCacheEffect { .evicts(version) }

    package func perform(on token: some TokenOperations) async throws(TokenError) {
        try await token.forget(self)
    }

    /// Evicts the version in all open tokens.
    package func perform(in group: TokenGroup) async {
        for token in group.tokens { await token.forget(version) }
    }

    package func check(_ answer: Void) {}
}

extension Token {
    /// Performs ``ForgetCall``. A failure does no harm: the state of the version forbids its use.
    package func forget(_ version: VersionID) async {
        try? await perform(ForgetCall(version))
    }
}
