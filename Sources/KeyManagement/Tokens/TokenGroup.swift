public import Logging
internal import Synchronization

/// Several tokens with the same root keys, used as one: the load is spread over them, and one that cannot be used is passed over.
///
/// What the port does leaves nothing behind in a token that another would need, so each call can go to any of them, and to the next
/// when the first turns out to be lost.
public final class TokenGroup: Token {
    /// A token to be opened, as often as it takes.
    public struct Candidate: Sendable {
        /// For the log; no secrets in it.
        public let name: String
        let open: @Sendable () async throws -> Opened
        /// Whether opening it again after this failure would do harm, as with a wrong PIN.
        let isFinal: @Sendable (any Error) -> Bool

        public init(
            name: String, open: @escaping @Sendable () async throws -> Opened,
            isFinal: @escaping @Sendable (any Error) -> Bool
        ) {
            self.name = name
            self.open = open
            self.isFinal = isFinal
        }
    }

    /// An open token, and how it is taken out of use.
    public struct Opened: Sendable {
        let token: any Token
        let close: @Sendable () async -> Void

        public init(_ token: any Token, close: @escaping @Sendable () async -> Void) {
            self.token = token
            self.close = close
        }
    }

    public let algorithms: Set<KeyAlgorithm>
    public let agreementAlgorithms: Set<KeyAlgorithm>
    public let importMethods: Set<ImportMethod>
    public let auditKey: PublicKeyInfo?
    let members: Mutex<GroupMembers>
    /// The one that was opened first.
    private let first: any Token
    /// How many tokens there shall be.
    let configuredCount: Int
    private let logger: Logger
    private let retries = Mutex<[Task<Void, Never>]>([])

    /// Opens the tokens. One is enough to begin with; the others are tried again in the background.
    ///
    /// - Throws: what opening the first one threw when none can be opened; ``TokenError/failed(_:)`` when two tokens do not have the
    ///   same root keys.
    public static func open(_ candidates: [Candidate], logger: Logger) async throws -> TokenGroup {
        var opened: [(Candidate, Opened)] = []
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

    private init(_ opened: [Opened], of configuredCount: Int, _ first: any Token, _ logger: Logger) {
        self.configuredCount = configuredCount
        let tokens = opened.map(\.token)
        self.first = first
        // What all can do, so that it does not matter who does it.
        agreementAlgorithms = tokens.reduce(first.agreementAlgorithms) { $0.intersection($1.agreementAlgorithms) }
        algorithms = tokens.reduce(first.algorithms) { $0.intersection($1.algorithms) }
        importMethods = tokens.reduce(first.importMethods) { $0.intersection($1.importMethods) }
        // Checkpoints name one key, so it is signed by whoever has that one.
        auditKey = first.auditKey
        members = Mutex(GroupMembers(opened))
        self.logger = logger
    }

    /// That of the first one, or of another that knows of later roots.
    public var identity: TokenIdentity {
        tokens.map(\.identity).reduce(first.identity) { $1.epoch > $0.epoch ? $1 : $0 }
    }

    /// How many tokens are open.
    public var memberCount: Int { members.withLock { $0.count } }

    /// The open tokens.
    public var tokens: [any Token] { members.withLock { $0.all } }

    public func close() async {
        for retry in retries.withLock({ $0 }) { retry.cancel() }
        for opened in members.withLock({ $0.removeAll() }) { await opened.close() }
    }

    // MARK: Members

    /// Makes sure that a token has the same roots as the first: that its integrity key makes the same check value, and that it
    /// unwraps, and uses rightly, what the first one wrapped.
    private func prove(_ other: any Token, _ name: String) async throws {
        // An epoch that is being destroyed may be gone in one already.
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

    /// Does something on one of the tokens; on the next when one is lost, or has no room.
    func perform<Result>(
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
                // The caller's time is used up: he was promised an answer by then.
                guard took < Self.patience else { throw error }
            }
        }
        throw last
    }

    /// What a caller may have lost to one token before he is handed to another.
    private static let patience = Duration.milliseconds(250)
}

extension TokenError {
    /// Whether another token with the same keys might do better.
    fileprivate var mayBeBetterElsewhere: Bool {
        switch self {
        case .busy, .unavailable: true
        case .rejected, .unwrapFailed, .unsupported, .failed: false
        }
    }
}
