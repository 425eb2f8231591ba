/// The token as the service uses it. Every answer has the form that its call determines, whatever the token behind it returns.
///
/// A malformed answer counts as a token that cannot be used at the moment: ``TokenError/unavailable(_:)``.
final class CheckedToken: Token {
    private let token: any Token
    /// The versions that the token may have unwrapped for this service.
    let used: UsedVersions

    /// Creates a checked token.
    ///
    /// - Parameters:
    ///   - token: the token whose answers are checked.
    ///   - capacity: the number of versions remembered as used; more than the token caches.
    init(_ token: any Token, capacity: Int) {
        self.token = token
        used = UsedVersions(capacity: capacity)
    }

    var identity: TokenIdentity { token.identity }
    var algorithms: Set<KeyAlgorithm> { token.algorithms }
    var agreementAlgorithms: Set<KeyAlgorithm> { token.agreementAlgorithms }
    var importMethods: Set<ImportMethod> { token.importMethods }
    var auditKey: PublicKeyInfo? { token.auditKey }

    func perform<Call: TokenCall>(_ call: Call) async throws(TokenError) -> Call.Answer {
        switch call.cacheEffect {
        case .none: break
        case .caches(let version): used.note(version)
        case .evicts(let version): used.remove(version)
        }
        let answer = try await token.perform(call)
        do throws(TokenAnswerError) {
            try call.check(answer)
        } catch {
            throw .unavailable("the token gave a wrong answer: \(error)")
        }
        return answer
    }
}
