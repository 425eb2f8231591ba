public import KeyManagement
internal import LibCrypto
internal import Logging
internal import PKCS11
internal import SystemClock
internal import ThreadExecutor

/// The `Token` port on a PKCS#11 token.
///
/// Every call goes to a worker: a thread, on which it has a session to itself. Threads have nothing of their own: what they need they take
/// from the connection. Version keys are unwrapped once, as session objects of
/// the keeper's, and used from there. What is valid under one login only is in a ``Connection``; the ``Link`` makes a new one when
/// the token was lost.
public final class PKCS11Token: Token {
    /// What the token proved when it was opened.
    public let probe: ProbeReport
    /// How many threads work on the token.
    public let workerCount: Int

    let link: Link
    let auditPublicKey: PublicKey?
    let wrapping: TokenProbe.ProvenWrapping
    /// All ways of wrapping that were proved.
    let wrappings: [TokenProbe.ProvenWrapping]
    private let pool: ThreadPool
    /// Makes RSA pairs, one after the other.
    private let generator: ThreadPool
    private let configuration: TokenConfiguration
    private let hangs: HangWatch
    /// What was proved, for another process that opens the same token.
    public let proof: [UInt8]

    init(opened: OpenedToken, configuration: TokenConfiguration, logger: Logger) {
        probe = opened.proof.report
        wrapping = opened.wrapping
        wrappings = opened.proof.wrappings
        auditPublicKey = opened.login.audit?.publicKey
        workerCount = opened.workerCount
        self.configuration = configuration
        proof = KnownProof(opened.proof).bytes
        let hangs = HangWatch(limit: configuration.hangLimit, logger: logger)
        self.hangs = hangs
        link = Link(
            opened.login, connector: opened.connector, wrappings: opened.proof.wrappings, configuration: configuration,
            logger: logger)
        pool = Self.pool("token", opened.workerCount, configuration.queueLimit, hangs)
        generator = Self.pool("token-generate", 1, configuration.generationQueueLimit, hangs)
    }

    private static func pool(_ name: String, _ threads: Int, _ queueLimit: Int, _ hangs: HangWatch) -> ThreadPool {
        ThreadPool(
            name: name, threads: threads, queueLimit: queueLimit, replacementLimit: hangs.limit,
            onHang: { hangs.note($0, in: name) })
    }

    /// Has something done each time that one more call hangs.
    public func onHang(_ body: @escaping @Sendable () async -> Void) { hangs.onHang(body) }

    public var identity: TokenIdentity { link.identity }
    public var algorithms: Set<KeyAlgorithm> { probe.algorithms }
    public var agreementAlgorithms: Set<KeyAlgorithm> { probe.agreementAlgorithms }
    public var importMethods: Set<ImportMethod> { probe.importMethods }

    /// How many version keys are unwrapped in the token at the moment.
    public var handleCount: Int { link.connection?.keeper.handleCount ?? 0 }

    /// How many calls hang in the module, their deadlines over.
    public var hangingCount: Int { pool.hangingCount + generator.hangingCount }

    /// Lets running work end, refuses what waits, and takes the module out of use. Left to the end of the process, the module
    /// could be cleaned up after the libraries that it needs.
    public func close() async {
        async let generatorIsDone = generator.stop(patience: configuration.deadline)
        let poolIsDone = await pool.stop(patience: configuration.deadline)
        let areThreadsDone = await generatorIsDone && poolIsDone
        let module = await link.close(patience: configuration.deadline)
        // Finalizing under a call that hangs is undefined (v2.40 §5.4), so then the module is left as it is.
        guard areThreadsDone, let module else { return }
        await onOwnThread("token-close") { module.finalize() }
    }

    public func checkHealth() async throws(TokenError) {
        try await onWorker { (connection) throws(TokenError) in
            do throws(PKCS11Error) {
                try connection.check()
            } catch {
                throw TokenError(error)
            }
        }
    }

    public func forget(_ version: VersionID) async {
        // Destroying an object is a call that blocks. That it could not be done now does no harm: the state of the
        // version forbids its use, and the handle goes with its turn.
        try? await onWorker { (connection) throws(TokenError) in connection.keeper.forget(version) }
    }

    /// Does `body` on a worker, by the deadline.
    func onWorker<Result: Sendable>(
        _ body: @escaping @Sendable (Connection) throws(TokenError) -> Result
    ) async throws(TokenError) -> Result {
        try await run(on: pool, within: configuration.deadline, limit: configuration.queueLimit, body)
    }

    /// Does `body` on the thread that makes RSA pairs, by its deadline.
    func onGenerator<Result: Sendable>(
        _ body: @escaping @Sendable (Connection) throws(TokenError) -> Result
    ) async throws(TokenError) -> Result {
        try await run(
            on: generator, within: configuration.generationDeadline, limit: configuration.generationQueueLimit, body)
    }

    private func run<Result: Sendable>(
        on pool: ThreadPool, within deadline: Duration, limit: Int,
        _ body: @escaping @Sendable (Connection) throws(TokenError) -> Result
    ) async throws(TokenError) -> Result {
        let outcome: Swift.Result<Result, TokenError>
        let link = link
        do throws(ThreadPoolError) {
            outcome = try await pool.run(by: .now + deadline) {
                Swift.Result { () throws(TokenError) in try Self.use(link, body) }
            }
        } catch {
            switch error {
            case .full: throw .busy("\(limit) calls wait for the token already")
            case .late: throw .busy("the token did not answer within \(deadline)")
            case .stuck: throw .unavailable("all calls hang in the PKCS#11 module")
            case .stopped: throw .unavailable("the token is being closed")
            }
        }
        return try outcome.get()
    }

    private static func use<Result>(
        _ link: Link, _ body: (Connection) throws(TokenError) -> Result
    ) throws(TokenError) -> Result {
        let connection = try link.current()
        do throws(TokenError) {
            return try connection.use { () throws(TokenError) in try body(connection) }
        } catch {
            switch error {
            case .unavailable, .unwrapFailed, .failed: link.suspect(connection)
            case .busy, .rejected, .unsupported: break
            }
            throw error
        }
    }
}
