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
    let wrapping: TokenProbe.ProvenWrapping
    private let pool: ThreadPool<Worker>
    private let configuration: TokenConfiguration
    private let module: Module

    init(opened: OpenedToken, keeper: Keeper, configuration: TokenConfiguration) {
        identity = opened.identity
        probe = opened.proof.report
        wrapping = opened.wrapping
        roots = opened.roots
        module = opened.located.module
        workerCount = opened.workerCount
        self.keeper = keeper
        self.configuration = configuration
        let slot = opened.located.slot
        pool = ThreadPool(
            name: "token", threads: opened.workerCount, queueLimit: configuration.queueLimit
        ) { Worker(slot: slot) }
    }

    public var algorithms: Set<KeyAlgorithm> { probe.algorithms }

    /// How many version keys are unwrapped in the token at the moment.
    public var handleCount: Int { keeper.handleCount }

    /// Lets running work end, refuses what waits, and takes the module out of use. Left to the end of the process, the module
    /// could be cleaned up after the libraries that it needs.
    public func close() async {
        guard await pool.stop(patience: configuration.deadline) else {
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
        let outcome: Swift.Result<Result, TokenError>
        do throws(ThreadPoolError) {
            outcome = try await pool.run(by: .now + configuration.deadline) { worker in
                Swift.Result { () throws(TokenError) in try body(keeper, &worker) }
            }
        } catch {
            switch error {
            case .full: throw .busy("\(configuration.queueLimit) calls wait for the token already")
            case .late: throw .busy("the token did not answer within \(configuration.deadline)")
            case .stopped: throw .unavailable("the token is being closed")
            }
        }
        return try outcome.get()
    }
}
