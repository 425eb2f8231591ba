/// Evicts everything cached for a version, because it may no longer be used.
public struct ForgetCall: TokenCall {
    public let version: VersionID

    public init(_ version: VersionID) {
        self.version = version
    }

    public var cacheEffect: VersionCacheEffect { .evicts(version) }

    public func perform(on token: some TokenOperations) async throws(TokenError) {
        try await token.forget(self)
    }

    /// Evicts the version in all open tokens.
    public func perform(in group: TokenGroup) async {
        for token in group.tokens { await token.forget(version) }
    }

    public func check(_ answer: Void) {}
}

extension Token {
    /// Performs ``ForgetCall``. A failure does no harm: the state of the version forbids its use.
    public func forget(_ version: VersionID) async {
        try? await perform(ForgetCall(version))
    }
}
