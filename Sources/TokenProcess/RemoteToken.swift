internal import FoundationEssentials
public import KeyManagement
public import Logging
internal import Synchronization
internal import SystemClock
internal import ThreadExecutor

/// The `Token` port on a token whose PKCS#11 module runs in a process of its own.
///
/// The module's memory, including the keys that SoftHSM keeps there, is separate from the memory of the process that faces the
/// network. If the module crashes or hangs, only its process is replaced, not the service. Requests without an answer then fail
/// as unavailable, which is retryable: every operation of the token takes effect only through its answer and leaves nothing
/// behind.
public final class RemoteToken: Token {
    public let description: TokenDescription
    let supervisor: Supervisor
    private let signatureCheck = SignatureCheck(capacity: 4096)
    private let verifiers: ThreadPool
    private let configuration: TokenProcessConfiguration

    /// Starts the process and returns when it has opened the token.
    public static func open(
        _ configuration: TokenProcessConfiguration, logger: Logger
    ) async throws(TokenProcessError) -> RemoteToken {
        let (supervisor, description) = try await Supervisor.start(configuration, logger: logger)
        return RemoteToken(configuration, supervisor, description)
    }

    private init(
        _ configuration: TokenProcessConfiguration, _ supervisor: Supervisor, _ description: TokenDescription
    ) {
        self.configuration = configuration
        self.supervisor = supervisor
        self.description = description
        let threads = ProcessInfo.processInfo.activeProcessorCount
        verifiers = ThreadPool(name: "verify", threads: threads, queueLimit: configuration.queueLimit)
    }

    public var identity: TokenIdentity { supervisor.identity }
    public var algorithms: Set<KeyAlgorithm> { description.algorithms }
    public var agreementAlgorithms: Set<KeyAlgorithm> { description.agreementAlgorithms }
    public var importMethods: Set<ImportMethod> { description.importMethods }
    public var auditKey: PublicKeyInfo? { description.auditKey }

    /// The process that currently has the token; `nil` while there is none.
    public var processID: Int32? { supervisor.processID }

    /// Ends the process and waits for its end.
    public func close() async {
        await supervisor.close()
        await verifiers.stop()
    }

    func ask<Result: Sendable>(
        _ request: Frame.Request, within deadline: Duration? = nil, of child: TokenChild? = nil,
        _ write: (inout WireWriter) -> Void,
        _ read: @escaping @Sendable (inout WireReader) throws(WireError) -> Result
    ) async throws(TokenError) -> Result {
        // The process gives a better reason for its lateness, so it gets a little more time.
        let end = ContinuousClock.now + (deadline ?? configuration.deadline) + .milliseconds(200)
        let child = if let child { child } else { try supervisor.child() }
        return try await child.ask(request, by: end, limit: configuration.queueLimit, write, read)
    }

    /// Verifies signatures that a process made. A process that signed wrongly is ended.
    func verify(
        _ signatures: [[UInt8]], over inputs: [[UInt8]], by algorithm: SignatureAlgorithm, with key: VersionKey,
        of child: TokenChild
    ) async throws(TokenError) {
        guard let publicKey = key.publicKey else { return }
        let isGenuine: Bool
        do throws(ThreadPoolError) {
            isGenuine = try await verifiers.run(by: .now + configuration.deadline) { [signatureCheck] in
                signatureCheck.areGenuine(signatures, over: inputs, by: algorithm, with: publicKey)
            }
        } catch {
            throw .busy("signatures wait to be verified")
        }
        guard isGenuine else {
            child.end(because: "a signature that does not verify")
            throw .unavailable("the token's process made a signature that does not verify")
        }
    }

    /// Returns the deadline for generating a key of an algorithm.
    func deadline(for algorithm: KeyAlgorithm) -> Duration {
        if case .rsa = algorithm.family { configuration.generationDeadline } else { configuration.deadline }
    }
}
