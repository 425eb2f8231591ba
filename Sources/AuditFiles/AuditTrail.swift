public import KeyManagement
internal import LibCrypto
internal import Logging
internal import Synchronization
internal import SystemClock

/// The audit log as files: JSON lines, each carrying the hash of the one before, and now and then a checkpoint that the token signed.
///
/// Open it once, let ``run()`` run beside the service, and ``close()`` it at the end.
public final class AuditTrail: AuditLog {
    let configuration: AuditConfiguration
    let folder: AuditFolder
    let clock: any WallClock
    let logger: Logger
    let signer: Signer?
    let onCheckpoint: @Sendable (AuditCheckpoint) -> Void
    let state: SharedState
    /// Says that ``run()`` should look whether a checkpoint is due.
    let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    /// What of the last file was not read when it was opened; nil when all was.
    let beginning: ChainRecovery.Beginning?
    /// The newest state of the store that the chain had recorded when it was opened.
    let witness: StateWitness
    let stateSource = StateSource()
    private let commits: GroupCommit

    struct State {
        var head: ChainHead
        var latest: AuditCheckpoint?
    }

    /// What the writing thread and the tasks both know.
    final class SharedState: Sendable {
        private let state: Mutex<State>

        init(_ state: State) {
            self.state = Mutex(state)
        }

        func withLock<Result: Sendable>(_ body: (inout State) -> Result) -> Result { state.withLock { body(&$0) } }
    }

    /// The source of the vector for each checkpoint.
    final class StateSource: Sendable {
        private let source = Mutex<(@Sendable () -> StateVector)?>(nil)

        var value: (@Sendable () -> StateVector)? { source.withLock { $0 } }

        func set(_ value: @escaping @Sendable () -> StateVector) { source.withLock { $0 = value } }
    }

    struct Signer {
        let signer: any CheckpointSigner
        let key: PublicKey
    }

    init(
        _ configuration: AuditConfiguration, writer: ChainWriter, recovery: ChainRecovery, signer: Signer?,
        clock: any WallClock, logger: Logger,
        onCheckpoint: @escaping @Sendable (AuditCheckpoint) -> Void
    ) {
        self.configuration = configuration
        folder = recovery.folder
        beginning = recovery.beginning
        witness = recovery.witness
        self.signer = signer
        self.clock = clock
        self.logger = logger
        self.onCheckpoint = onCheckpoint
        let state = SharedState(State(head: writer.head, latest: recovery.latest))
        let wakes = wakes.continuation
        let limit = configuration.checkpointEntries
        self.state = state
        commits = GroupCommit(writer: writer, queueLimit: configuration.queueLimit) { head in
            let isDue = state.withLock { state in
                state.head = head
                // What an older checkpoint says may have been made up by others.
                let covered = min(head.entries, state.latest?.signed.checkpoint.entries ?? 0)
                return head.entries - covered >= limit
            }
            if isDue { wakes.yield() }
        }
    }

    deinit {
        commits.stop()
    }

    public func append(_ entry: AuditEntry) async throws(AuditError) {
        guard entry.changes.allSatisfy({ $0.digest.count == 32 }), entry.contextDigest.map({ $0.count == 32 }) ?? true
        else { throw .unavailable("a digest of an audit entry has not 32 bytes") }
        _ = try await write(LineBody(.operation, AuditLine.Content.operation(entry).body))
    }

    public func checkHealth() async throws(AuditError) {
        _ = try await commits.submit(nil, by: .now + configuration.deadline)
    }

    /// Writes a line.
    func write(_ body: LineBody) async throws(AuditError) -> WrittenLine {
        // Number, hash and line feed come to it.
        guard body.bytes.count + 128 <= AuditLine.longest else {
            throw .unavailable("an audit entry of \(body.bytes.count) bytes is longer than a line may be")
        }
        guard let line = try await commits.submit(body, by: .now + configuration.deadline) else {
            throw .unavailable("the audit entry was not written")
        }
        return line
    }

    /// Takes nothing more, as when the process dies: without a record of the end.
    func abandon() { commits.stop() }

    func isGone() async -> Bool { await commits.isGone(within: configuration.deadline) }

    /// Takes nothing more, and returns when what waited is written and the files are closed.
    func stop() async {
        commits.stop()
        if await !isGone() {
            logger.error("the audit files are not closed: the disk does not answer")
        }
    }
}
