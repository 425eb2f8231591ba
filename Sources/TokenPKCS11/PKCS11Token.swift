package import KeyManagement
internal import LibCrypto
internal import Logging
internal import PKCS11
internal import SystemClock
internal import ThreadExecutor

/// The `Token` port on a PKCS#11 token.
///
/// Every call runs on a worker thread with exclusive use of a session. Threads own no state and take what they need from the
/// connection. Version keys are unwrapped once, as session objects of ``UnwrappedKeyCache``, and used from there. State that is valid under
/// only one login is in a ``Connection``; the ``TokenConnectionManager`` makes a new one after the token was lost.
package final class PKCS11Token: Token, TokenOperations {
    /// The result of the probe made when the token was opened.
    package let probe: ProbeReport
    /// The number of threads that work on the token.
    package let workerCount: Int

    let connections: TokenConnectionManager
    let auditPublicKey: PublicKey?
    let wrapping: TokenProbe.ProvenWrapping
    /// All proved wrapping mechanisms.
    let wrappings: [TokenProbe.ProvenWrapping]
    private let pool: ThreadPool
    /// Generates RSA pairs, one after the other.
    private let generator: ThreadPool
    private let configuration: TokenConfiguration
    private let hangs: HangMonitor
    /// The result of the probe, for another process that opens the same token.
    package let proof: [UInt8]

    init(opened: OpenedToken, configuration: TokenConfiguration, logger: Logger) {
        probe = opened.proof.report
        wrapping = opened.wrapping
        wrappings = opened.proof.wrappings
        auditPublicKey = opened.login.audit?.publicKey
        workerCount = opened.workerCount
        self.configuration = configuration
        proof = CachedProbe(opened.proof).bytes
        let hangs = HangMonitor(limit: configuration.hangLimit, logger: logger)
        self.hangs = hangs
        connections = TokenConnectionManager(
            opened.login, connector: opened.connector, wrappings: opened.proof.wrappings, configuration: configuration,
            logger: logger)
        pool = Self.pool("token", opened.workerCount, configuration.queueLimit, hangs)
        generator = Self.pool("token-generate", 1, configuration.generationQueueLimit, hangs)
    }

    private static func pool(_ name: String, _ threads: Int, _ queueLimit: Int, _ hangs: HangMonitor) -> ThreadPool {
        ThreadPool(
            name: name, threads: threads, queueLimit: queueLimit, replacementLimit: hangs.limit,
            onHang: { hangs.note($0, in: name) })
    }

    /// Runs `body` each time that one more call hangs.
    package func onHang(_ body: @escaping @Sendable () async -> Void) { hangs.onHang(body) }

    package var identity: TokenIdentity { connections.identity }
    package var algorithms: Set<KeyAlgorithm> { probe.algorithms }
    package var agreementAlgorithms: Set<KeyAlgorithm> { probe.agreementAlgorithms }
    package var importMethods: Set<ImportMethod> { probe.importMethods }

    /// The number of version keys currently unwrapped in the token.
    package var handleCount: Int { connections.connection?.keeper.handleCount ?? 0 }

    /// The number of calls that hang in the module past their deadlines.
    package var hangingCount: Int { pool.hangingCount + generator.hangingCount }

    /// Lets running work finish, refuses waiting work, and finalizes the module. If it were left to the end of the process, the
    /// module could be cleaned up after the libraries that it needs.
    package func close() async {
        async let generatorIsDone = generator.stop(patience: configuration.deadline)
        let poolIsDone = await pool.stop(patience: configuration.deadline)
        let areThreadsDone = await generatorIsDone && poolIsDone
        let module = await connections.close(patience: configuration.deadline)
        // Finalizing during a call that hangs is undefined (v2.40 §5.4), so the module is then left as it is.
        guard areThreadsDone, let module else { return }
        await onOwnThread("token-close") { module.finalize() }
    }

    package func checkHealth(_ call: CheckHealthCall) async throws(TokenError) {
        try await onWorker { (connection) throws(TokenError) in
            do throws(PKCS11Error) {
                try connection.check()
            } catch {
                throw TokenError(error)
            }
        }
    }

    package func forget(_ call: ForgetCall) async {
        // Destroying an object is a blocking call. Failure to destroy it now does no harm: the state of the version forbids its
        // use, and the handle is evicted in its turn.
        try? await onWorker { (connection) throws(TokenError) in connection.keeper.forget(call.version) }
    }

    /// Runs `body` on a worker, within the deadline.
    func onWorker<Result: Sendable>(
        _ body: @escaping @Sendable (Connection) throws(TokenError) -> Result
    ) async throws(TokenError) -> Result {
        try await run(on: pool, within: configuration.deadline, limit: configuration.queueLimit, body)
    }

    /// Runs `body` on the thread that generates RSA pairs, within its deadline.
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
        let connections = connections
        do throws(ThreadPoolError) {
            outcome = try await pool.run(by: .now + deadline) {
                Swift.Result { () throws(TokenError) in try Self.use(connections, body) }
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
        _ connections: TokenConnectionManager, _ body: (Connection) throws(TokenError) -> Result
    ) throws(TokenError) -> Result {
        let connection = try connections.current()
        do throws(TokenError) {
            return try connection.use { () throws(TokenError) in try body(connection) }
        } catch {
            switch error {
            case .unavailable, .unwrapFailed, .failed: connections.suspect(connection)
            case .busy, .rejected, .unsupported: break
            }
            throw error
        }
    }
}
