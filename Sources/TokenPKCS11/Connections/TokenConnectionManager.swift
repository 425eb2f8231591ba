internal import KeyManagement
internal import Logging
internal import PKCS11
internal import Synchronization
internal import ThreadExecutor

/// The current connection to the token, and a thread that makes a new one after the token was lost.
///
/// The library is not reinitialised for a new connection, because that would tear down whatever still works. It is reinitialised
/// only if several logins in a row fail and no call is in progress in it.
final class TokenConnectionManager: Sendable {
    private let state: Monitor<TokenConnectionState<Connection>>
    private let connector: Connector
    private let wrappings: [TokenProbe.ProvenWrapping]
    private let configuration: TokenConfiguration
    private let logger: Logger
    /// The newest connection, even if it has ended.
    private let latest: Mutex<Connection>
    /// True until the thread has ended.
    private let thread = Monitor(true)

    init(
        _ login: Login, connector: Connector, wrappings: [TokenProbe.ProvenWrapping],
        configuration: TokenConfiguration, logger: Logger
    ) {
        self.connector = connector
        self.wrappings = wrappings
        self.configuration = configuration
        self.logger = logger
        let first = Connection(
            login, generation: 1, wrappings: wrappings, handleCapacity: configuration.handleCapacity)
        latest = Mutex(first)
        state = Monitor(TokenConnectionState(first))
        NamedThread.start("token-connect") { [self] in
            run()
            thread.withLock { $0 = false }
            thread.wakeAll()
        }
    }

    /// The token's identity as last known.
    var identity: TokenIdentity { latest.withLock { $0 }.identity }

    /// The number of failed attempts in a row after which the library is reinitialised.
    private static var attemptsBeforeReload: Int { 3 }

    /// Returns the connection to use now.
    ///
    /// - Throws: ``/KeyManagement/TokenError/unavailable(_:)``, with the reason.
    func current() throws(TokenError) -> Connection {
        let condition = state.withLock { $0.condition }
        switch condition {
        case .up(let connection): return connection
        case .down(let reason, _): throw .unavailable("the token is lost and is tried again: \(reason)")
        case .ended(let reason): throw .unavailable("the token is lost and is not tried again: \(reason)")
        case .closed: throw .unavailable("the token is being closed")
        }
    }

    /// The current connection, if the token is connected.
    var connection: Connection? {
        if case .up(let connection) = state.withLock({ $0.condition }) { connection } else { nil }
    }

    /// Requests a check of a connection after a failure that may mean that it is lost.
    func suspect(_ connection: Connection) {
        if state.withLock({ $0.suspect(connection) }) { state.wakeAll() }
    }

    /// Stops using the token. Returns when the thread has ended, or after `patience` if the thread hangs in the module.
    ///
    /// - Returns: the module, to be finalized, if no work item is in progress in it.
    func close(patience: Duration) async -> Module? {
        state.withLock { $0.close() }
        state.wakeAll()
        return await onOwnThread("token-close") { [self] in
            guard thread.wait(atMost: patience, for: { $0 ? nil : true }) != nil else { return nil }
            let last = latest.withLock { $0 }
            return last.waitUntilUnused(atMost: .zero) ? last.located.module : nil
        }
    }

    // MARK: On the thread

    private enum Task {
        case check(Connection)
        case connect
        case pause(Duration)
        case end
    }

    private func run() {
        // The lost connection, until a new one exists.
        var lost: Connection?
        while true {
            switch nextTask() {
            case .end: return
            case .pause(let duration): _ = state.wait(atMost: duration) { Self.isClosed($0) ? true : nil }
            case .check(let connection):
                if let reason = failure(of: connection) {
                    lose(connection, reason)
                    lost = connection
                } else {
                    state.withLock { $0.clear() }
                }
            case .connect:
                if let old = lost, connect(after: old) { lost = nil }
            }
        }
    }

    private static func isClosed(_ state: TokenConnectionState<Connection>) -> Bool {
        if case .closed = state.condition { true } else { false }
    }

    private func nextTask() -> Task {
        state.wait { state -> Task? in
            switch state.condition {
            case .closed: return .end
            case .ended: return nil
            case .up: return state.suspect.map { .check($0) }
            case .down(_, let nextAttempt):
                let now = ContinuousClock.now
                return nextAttempt <= now ? .connect : .pause(nextAttempt - now)
            }
        }
    }

    /// Returns the reason why a connection does not work; `nil` if it works.
    private func failure(of connection: Connection) -> String? {
        do throws(PKCS11Error) {
            try connection.check()
            return nil
        } catch {
            // A full token is not a lost one.
            if case .busy = TokenError(error) { return nil }
            return "\(error)"
        }
    }

    private func lose(_ connection: Connection, _ reason: String) {
        connection.end()
        state.withLock { $0.lose(connection, reason: reason, at: .now) }
        logger.error(
            "token lost",
            metadata: ["token": "\(identity.label)", "serial": "\(identity.serialNumber)", "reason": "\(reason)"])
    }

    /// - Returns: true if the token is connected again.
    private func connect(after old: Connection) -> Bool {
        let attempts = state.withLock { $0.attempts }
        // Work in progress has ended by its deadline, or hangs.
        let isUnused = old.waitUntilUnused(atMost: attempts == 0 ? configuration.deadline : .zero)
        do throws(TokenOpenError) {
            let connection = try newConnection(after: old, isUnused: isUnused, attempts: attempts)
            guard state.withLock({ $0.succeed(connection) }) else {
                connection.end()
                connection.located.module.finalize()
                return false
            }
            latest.withLock { $0 = connection }
            logger.notice(
                "token back",
                metadata: [
                    "token": "\(identity.label)", "attempts": "\(attempts + 1)",
                    "generation": "\(connection.generation)",
                ])
            return true
        } catch {
            let isFinal = error.endsAttempts
            state.withLock { $0.fail("\(error)", isFinal: isFinal, at: .now) }
            logger.log(
                level: isFinal ? .critical : .warning, "token not back",
                metadata: ["attempt": "\(attempts + 1)", "reason": "\(error)", "again": "\(!isFinal)"])
            return false
        }
    }

    private func newConnection(
        after old: Connection, isUnused: Bool, attempts: Int
    ) throws(TokenOpenError) -> Connection {
        if isUnused {
            // The old login may have left sessions, which count against the token's limit, and their objects.
            try? old.located.slot.closeAllSessions()
            if attempts > 0, attempts % Self.attemptsBeforeReload == 0 { old.located.module.finalize() }
        }
        let located = try connector.locate()
        do throws(TokenOpenError) {
            let login = try connector.login(to: located)
            guard login.identity.continues(identity) else {
                login.scope.end()
                throw .failed(
                    "\(located.name) is there, but it or its root keys are not those that the service started with")
            }
            old.located.module.finalize()
            return Connection(
                login, generation: old.generation + 1, wrappings: wrappings,
                handleCapacity: configuration.handleCapacity)
        } catch {
            located.module.finalize()
            throw error
        }
    }
}
