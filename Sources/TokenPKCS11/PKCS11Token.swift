public import KeyManagement
internal import PKCS11
internal import ThreadExecutor

/// The `Token` port on a PKCS#11 token.
///
/// Every call goes to a worker: a thread with a session of its own. Version keys are unwrapped once, as session objects of
/// the keeper's, and used from there.
public final class PKCS11Token: Token {
    public let identity: TokenIdentity
    /// What the token proved when it was opened.
    public let probe: ProbeReport
    /// How many threads work on the token.
    public let workerCount: Int

    let keeper: Keeper
    let roots: RootKeySet
    let audit: AuditKey?
    let wrapping: TokenProbe.ProvenWrapping
    /// All ways of wrapping that were proved.
    let wrappings: [TokenProbe.ProvenWrapping]
    private let pool: ThreadPool<Worker>
    /// Makes RSA pairs, one after the other.
    private let generator: ThreadPool<Worker>
    private let configuration: TokenConfiguration
    private let module: Module

    init(opened: OpenedToken, keeper: Keeper, configuration: TokenConfiguration) {
        identity = opened.identity
        probe = opened.proof.report
        wrapping = opened.wrapping
        wrappings = opened.proof.wrappings
        roots = opened.roots
        audit = opened.audit
        module = opened.located.module
        workerCount = opened.workerCount
        self.keeper = keeper
        self.configuration = configuration
        let slot = opened.located.slot
        pool = ThreadPool(
            name: "token", threads: opened.workerCount, queueLimit: configuration.queueLimit
        ) { Worker(slot: slot) }
        generator = ThreadPool(name: "token-generate", threads: 1, queueLimit: configuration.generationQueueLimit) {
            Worker(slot: slot)
        }
    }

    public var algorithms: Set<KeyAlgorithm> { probe.algorithms }
    public var importMethods: Set<ImportMethod> { probe.importMethods }

    /// How many version keys are unwrapped in the token at the moment.
    public var handleCount: Int { keeper.handleCount }

    /// Lets running work end, refuses what waits, and takes the module out of use. Left to the end of the process, the module
    /// could be cleaned up after the libraries that it needs.
    public func close() async {
        async let generatorIsDone = generator.stop(patience: configuration.deadline)
        let poolIsDone = await pool.stop(patience: configuration.deadline)
        guard await generatorIsDone, poolIsDone else {
            // A call hangs in the module. Finalizing under it is undefined (v2.40 §5.4), so it is left as it is.
            return
        }
        let module = module
        await onOwnThread("token-close") { module.finalize() }
    }

    public func checkHealth() async throws(TokenError) {
        let root = roots.current
        let isLoggedIn = try await onWorker { (keeper, worker) throws(TokenError) in
            do throws(PKCS11Error) {
                // A computation, because some modules tell of sessions without asking the device.
                try worker.withSession { (session) throws(PKCS11Error) in
                    _ = try session.sign(Array("health".utf8), with: root.integrity, .sha256HMAC)
                }
                return try keeper.isLoggedIn()
            } catch {
                throw TokenError(error)
            }
        }
        if isLoggedIn == false { throw .unavailable("the login is gone") }
    }

    public func forget(_ version: VersionID) async {
        // Destroying an object is a call that blocks. That it could not be done now does no harm: the state of the
        // version forbids its use, and the handle goes with its turn.
        try? await onWorker { (keeper, _) throws(TokenError) in keeper.forget(version) }
    }

    /// Does `body` on a worker, by the deadline.
    func onWorker<Result: Sendable>(
        _ body: @escaping @Sendable (Keeper, inout Worker) throws(TokenError) -> Result
    ) async throws(TokenError) -> Result {
        let keeper = keeper
        return try await run(on: pool, within: configuration.deadline, limit: configuration.queueLimit) {
            (worker) throws(TokenError) in try body(keeper, &worker)
        }
    }

    /// Does `body` on the thread that makes RSA pairs, by its deadline.
    func onGenerator<Result: Sendable>(
        _ body: @escaping @Sendable (inout Worker) throws(TokenError) -> Result
    ) async throws(TokenError) -> Result {
        try await run(
            on: generator, within: configuration.generationDeadline, limit: configuration.generationQueueLimit, body)
    }

    private func run<Result: Sendable>(
        on pool: ThreadPool<Worker>, within deadline: Duration, limit: Int,
        _ body: @escaping @Sendable (inout Worker) throws(TokenError) -> Result
    ) async throws(TokenError) -> Result {
        let outcome: Swift.Result<Result, TokenError>
        do throws(ThreadPoolError) {
            outcome = try await pool.run(by: .now + deadline) { worker in
                Swift.Result { () throws(TokenError) in try body(&worker) }
            }
        } catch {
            switch error {
            case .full: throw .busy("\(limit) calls wait for the token already")
            case .late: throw .busy("the token did not answer within \(deadline)")
            case .stopped: throw .unavailable("the token is being closed")
            }
        }
        return try outcome.get()
    }
}
