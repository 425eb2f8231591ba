package import Logging
import SecretMemory
internal import Synchronization

/// Several tokens with the same root keys, used as one. The load is spread over them, and a token that cannot be used is
/// skipped.
///
/// Calls of the port leave nothing in a token that another call would need. So each call can go to any token, and to the next
/// one if the first is lost.
package final class TokenGroup: Token {
    /// A token to open, with retries.
    package struct Candidate: Sendable {
        /// The name for the log; it contains no secrets.
        package let name: String
        let open: @Sendable () async throws -> OpenToken
        /// The test for failures after which opening it again would do harm, such as a wrong PIN.
        let isFinal: @Sendable (any Error) -> Bool

        package init(
            name: String, open: @escaping @Sendable () async throws -> OpenToken,
            isFinal: @escaping @Sendable (any Error) -> Bool
        ) {
            self.name = name
            self.open = open
            self.isFinal = isFinal
        }
    }

    /// An open token, and the function that closes it.
    package struct OpenToken: Sendable {
        let token: any Token
        let close: @Sendable () async -> Void

        package init(_ token: any Token, close: @escaping @Sendable () async -> Void) {
            self.token = token
            self.close = close
        }
    }

    package let algorithms: Set<KeyAlgorithm>
    package let agreementAlgorithms: Set<KeyAlgorithm>
    package let importMethods: Set<ImportMethod>
    package let auditKey: PublicKeyInfo?
    private let members: Mutex<GroupMembers>
    /// The token that was opened first.
    private let first: any Token
    /// The configured number of tokens.
    private let configuredCount: Int
    private let logger: Logger
    private let retries = Mutex<[Task<Void, Never>]>([])

    /// Opens the tokens. One is enough to begin with; the others are retried in the background.
    ///
    /// - Throws: the failure of the first one if none can be opened; ``TokenError/failed(_:)`` if two tokens do not have the
    ///   same root keys.
    package static func open(_ candidates: [Candidate], logger: Logger) async throws -> TokenGroup {
        var opened: [(Candidate, OpenToken)] = []
        var missing: [Candidate] = []
        var failure: (any Error)?
        for candidate in candidates {
            do {
                opened.append((candidate, try await candidate.open()))
            } catch {
                failure = failure ?? error
                logger.error("token not opened", metadata: ["token": "\(candidate.name)", "reason": "\(error)"])
                if !candidate.isFinal(error) { missing.append(candidate) }
            }
        }
        guard let first = opened.first else { throw failure ?? TokenError.failed("no token is configured") }
        let group = TokenGroup(opened.map(\.1), of: candidates.count, first.1.token, logger)
        do {
            for (candidate, other) in opened.dropFirst() { try await group.prove(other.token, candidate.name) }
        } catch {
            await group.close()
            throw error
        }
        for candidate in missing { group.keepTrying(candidate) }
        return group
    }

    private init(_ opened: [OpenToken], of configuredCount: Int, _ first: any Token, _ logger: Logger) {
        self.configuredCount = configuredCount
        let tokens = opened.map(\.token)
        self.first = first
        // The features that all tokens support, so that any of them can serve a call.
        agreementAlgorithms = tokens.reduce(first.agreementAlgorithms) { $0.intersection($1.agreementAlgorithms) }
        algorithms = tokens.reduce(first.algorithms) { $0.intersection($1.algorithms) }
        importMethods = tokens.reduce(first.importMethods) { $0.intersection($1.importMethods) }
        // Checkpoints name one key, so only tokens with that key sign them.
        auditKey = first.auditKey
        members = Mutex(GroupMembers(opened))
        self.logger = logger
    }

    /// The identity of the first token, or of another that knows later roots.
    package var identity: TokenIdentity {
        tokens.map(\.identity).reduce(first.identity) { $1.epoch > $0.epoch ? $1 : $0 }
    }

    /// The number of open tokens.
    package var memberCount: Int { members.withLock { $0.count } }

    /// The open tokens.
    package var tokens: [any Token] { members.withLock { $0.all } }

    package func close() async {
        for retry in retries.withLock({ $0 }) { retry.cancel() }
        for opened in members.withLock({ $0.removeAll() }) { await opened.close() }
    }

    // MARK: Members

    /// Requires that a token has the same roots as the first. Its integrity key must make the same check value, and it must
    /// unwrap and correctly use a key that the first one wrapped.
    private func prove(_ other: any Token, _ name: String) async throws {
        // An epoch that is being destroyed may be gone from one token already.
        guard other.identity.epoch == identity.epoch, other.identity.hasSameRoots(as: identity) else {
            throw TokenError.failed("the root keys of \(name) are not those of token '\(identity.label)'")
        }
        guard let first = members.withLock({ $0.first }) else { return }
        let key = VersionKey(
            id: VersionID(key: KeyID(), number: .first), algorithm: .aes256GCM96, usage: .encryptDecrypt,
            wrapped: try await first.generateKey(.aes256GCM96, for: .encryptDecrypt).wrapped)
        let plaintext = SecretBytes(copying: Array("the same root keys".utf8))
        let boxes = try await first.encrypt([Encryption(plaintext, additionalData: [1])], with: key)
        let results = try await other.decrypt(boxes.map { Decryption($0, additionalData: [1]) }, with: key)
        await first.forget(key.id)
        await other.forget(key.id)
        guard case .success(plaintext)? = results.first else {
            throw TokenError.failed("the wrapping key of \(name) is not that of token '\(identity.label)'")
        }
    }

    private func keepTrying(_ candidate: Candidate) {
        let task = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(2))
                do {
                    let opened = try await candidate.open()
                    do {
                        try await prove(opened.token, candidate.name)
                        guard opened.token.algorithms.isSuperset(of: algorithms),
                            opened.token.agreementAlgorithms.isSuperset(of: agreementAlgorithms)
                        else {
                            throw TokenError.failed("\(candidate.name) proves less than the others")
                        }
                    } catch {
                        await opened.close()
                        throw error
                    }
                    members.withLock { $0.append(opened) }
                    logger.notice("token opened", metadata: ["token": "\(candidate.name)"])
                    return
                } catch {
                    guard !candidate.isFinal(error) else {
                        logger.critical(
                            "token not opened, and not tried again",
                            metadata: ["token": "\(candidate.name)", "reason": "\(error)"])
                        return
                    }
                }
            }
        }
        retries.withLock { $0.append(task) }
    }

    // MARK: Calls

    package func perform<Call: TokenCall>(_ call: Call) async throws(TokenError) -> Call.Answer {
        try await call.perform(in: self)
    }

    /// Runs `body` on one of the tokens, and on the next if that one is lost or busy.
    func onOneToken<Result>(
        _ body: (any Token) async throws(TokenError) -> Result
    ) async throws(TokenError) -> Result {
        let start = ContinuousClock.now
        var last = TokenError.unavailable("no token can be used")
        for (number, token) in members.withLock({ $0.turn(at: start) }) {
            do throws(TokenError) {
                return try await body(token)
            } catch {
                guard error.mayBeBetterElsewhere else { throw error }
                last = error
                let took = ContinuousClock.now - start
                members.withLock { $0.failed(number, error, at: start + took) }
                // The caller's time is used up: the answer was promised before its deadline.
                guard took < Self.patience else { throw error }
            }
        }
        throw last
    }

    /// Returns all tokens of the configuration, or throws if one is not open.
    func allTokens() throws(TokenError) -> (first: any Token, others: ArraySlice<any Token>) {
        let open = tokens
        guard let first = open.first, open.count == configuredCount else {
            throw .unavailable("\(configuredCount - open.count) of the tokens cannot be used at the moment")
        }
        return (first, open.dropFirst())
    }

    /// The maximum time spent on one token before the call is passed to another.
    private static let patience = Duration.milliseconds(250)
}

extension TokenError {
    /// True if another token with the same keys might succeed.
    fileprivate var mayBeBetterElsewhere: Bool {
        switch self {
        case .busy, .unavailable: true
        case .rejected, .unwrapFailed, .unsupported, .failed: false
        }
    }
}
