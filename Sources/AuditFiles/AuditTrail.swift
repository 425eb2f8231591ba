package import KeyManagement
internal import LibCrypto
internal import Logging
internal import Synchronization
internal import SystemClock

/// The audit log as files of JSON lines. Each line carries the hash of the previous one, and at intervals the token signs a checkpoint.
///
/// Open it once, run ``run()`` beside the service, and ``close()`` it at the end.
package final class AuditTrail: AuditLog {
    let configuration: AuditConfiguration
    let folder: AuditFolder
    let clock: any WallClock
    let logger: Logger
    let signer: Signer?
    let onCheckpoint: @Sendable (AuditCheckpoint) -> Void
    let state: SharedState
    /// Wakes ``run()`` to check whether a checkpoint is due.
    let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let beginning: UncheckedBeginning
    /// The newest state of the store that the chain had recorded when it was opened.
    let witness: StateWitness
    let stateSource = StateSource()
    let checkpointTurn = Turn()
    private let commits: GroupCommit

    struct State {
        var head: ChainHead
        var latest: AuditCheckpoint?
    }

    /// The state that the writing thread and the tasks share.
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
        _ configuration: AuditConfiguration, writer: ChainWriter, recovery: ChainRecovery,
        beginning: UncheckedBeginning, signer: Signer?, clock: any WallClock, logger: Logger,
        onCheckpoint: @escaping @Sendable (AuditCheckpoint) -> Void
    ) {
        self.configuration = configuration
        folder = recovery.folder
        self.beginning = beginning
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
                // An older checkpoint is not trusted beyond the number of entries that exist.
                let covered = min(head.entries, state.latest?.signed.checkpoint.entries ?? 0)
                return head.entries - covered >= limit
            }
            if isDue { wakes.yield() }
        }
    }

    /// The folder of the files.
    package var directory: String { folder.path }

    deinit {
        commits.stop()
    }

    package func append(_ entry: AuditEntry) async throws(AuditError) {
        guard entry.changes.allSatisfy({ $0.digest.count == 32 }), entry.contextDigest.map({ $0.count == 32 }) ?? true
        else { throw .unavailable("a digest of an audit entry has not 32 bytes") }
        _ = try await write(LineBody(.operation, AuditLine.Content.operation(entry).body))
    }

    package func checkHealth() async throws(AuditError) {
        _ = try await commits.submit(nil, by: .now + configuration.deadline)
    }

    /// Writes a line.
    func write(_ body: LineBody) async throws(AuditError) -> WrittenLine {
        // Number, hash and line feed are added to it.
        guard body.bytes.count + 128 <= AuditLine.maxLength else {
            throw .unavailable("an audit entry of \(body.bytes.count) bytes is longer than a line may be")
        }
        guard let line = try await commits.submit(body, by: .now + configuration.deadline) else {
            throw .unavailable("the audit entry was not written")
        }
        return line
    }

    /// Accepts nothing more, as if the process died: without a closing record.
    func abandon() { commits.stop() }

    func isGone() async -> Bool { await commits.isGone(within: configuration.deadline) }

    /// Accepts nothing more, and returns when all waiting entries are written and the files are closed.
    func stop() async {
        commits.stop()
        if await !isGone() {
            logger.error("the audit files are not closed: the disk does not answer")
        }
    }
}
