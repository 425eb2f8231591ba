/// A call of a token, as a value: the operation's arguments, the type of its answer, and the checks of the answer.
///
/// A token may be another process, controlled by a faulty or hostile module. So no answer is used before ``check(_:)`` accepted
/// it.
package protocol TokenCall: Sendable {
    associatedtype Answer: Sendable

    /// The effect on the versions that the token has cached.
    var cacheEffect: VersionCacheEffect { get }

    /// Performs the call with an adapter's operation.
    func perform(on token: some TokenOperations) async throws(TokenError) -> Answer

    /// Performs the call on a group of tokens. By default the next token in turn performs it, or another if that one cannot.
    func perform(in group: TokenGroup) async throws(TokenError) -> Answer

    /// Throws if the answer does not have the form that the call determines. It takes microseconds.
    func check(_ answer: Answer) throws(TokenAnswerError)
}

extension TokenCall {
    package var cacheEffect: VersionCacheEffect { .none }

    package func perform(in group: TokenGroup) async throws(TokenError) -> Answer {
        try await group.onOneToken { (token) throws(TokenError) in try await token.perform(self) }
    }
}

/// The effect of a call on the versions that a token has unwrapped and cached.
package enum VersionCacheEffect: Hashable, Sendable {
    case none
    /// The token may unwrap and cache the version.
    case caches(VersionID)
    /// The token evicts the version.
    case evicts(VersionID)
}

/// The error for an answer that does not fit its call.
package struct TokenAnswerError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
