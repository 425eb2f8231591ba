import Glibc
import KeyManagement
import Synchronization
import SystemClock
import ThreadExecutor

/// The connections of a store, and the threads that wait for them.
///
/// A thread uses one connection at a time, and a second one only to settle a commit after the first has broken. Calls wait in one bounded
/// queue, and each has a deadline.
final class ConnectionPool: Sendable {
    let parameters: ConnectionParameters
    private let threads: ThreadPool
    private let idle = Mutex<[Connection]>([])
    private let isClosed = Atomic(false)
    private let timeout: Duration
    private let size: Int

    /// Starts the threads. Connections are opened when they are needed.
    ///
    /// - Parameters:
    ///   - parameters: where the database is.
    ///   - size: the number of threads, and of connections that are kept.
    ///   - timeout: the longest time that a call may take, from its arrival.
    init(_ parameters: ConnectionParameters, size: Int, timeout: Duration) {
        self.parameters = parameters
        self.timeout = timeout
        self.size = size
        threads = ThreadPool(name: "store", threads: size, queueLimit: 64 * size, replacementLimit: size)
    }

    /// Runs a call on a thread with a connection.
    ///
    /// If the connection breaks, or the server is no longer the one to use, the call begins again with another connection until its
    /// deadline, after growing pauses. So `body` must not have changed anything when it throws ``DatabaseFailure/broken(_:)``, or must find
    /// that out itself.
    ///
    /// - Parameter extra: the time that the call may take beyond the usual.
    func run<Result: Sendable>(
        longer extra: Duration = .zero,
        _ body: @escaping @Sendable (Connection, MonotonicTime) throws -> Result
    ) async throws(StoreError) -> Result {
        let deadline = MonotonicTime.now + timeout + extra
        let outcome: Swift.Result<Result, StoreError>
        do {
            // The thread ends by itself shortly after the deadline; the answer comes from the one that is first.
            outcome = try await threads.run(by: deadline + .seconds(1)) { [self] in attempt(body, by: deadline) }
        } catch {
            switch error {
            case .full, .late, .stuck: throw .busy("the database has too much to do, or does not answer")
            case .stopped: throw .unavailable("the store is closed")
            }
        }
        return try outcome.get()
    }

    /// Closes all connections. Every later call fails.
    func close() async {
        isClosed.store(true, ordering: .relaxed)
        await threads.stop()
        idle.withLock { $0 = [] }
    }

    private func attempt<Result>(
        _ body: (Connection, MonotonicTime) throws -> Result, by deadline: MonotonicTime
    ) -> Swift.Result<Result, StoreError> {
        var backoff = Backoff()
        // A connection that was idle may have been cut long ago, so the first attempt with another one does not wait.
        var pause = Duration.zero
        // A call that has waited too long would only spoil a connection.
        guard MonotonicTime.now < deadline else { return .failure(StoreError(.late)) }
        while true {
            let failure: DatabaseFailure
            do {
                return .success(try withConnection { try body($0, deadline) })
            } catch let error as StoreError {
                return .failure(error)
            } catch let error as DatabaseFailure {
                failure = error
            } catch {
                return .failure(.unavailable("\(error)"))
            }
            guard failure.allowsRepetition, MonotonicTime.now + pause < deadline, !isClosed.load(ordering: .relaxed)
            else { return .failure(StoreError(failure)) }
            // On a thread of the pool, which nothing else waits for.
            usleep(UInt32(clamping: pause.wholeNanoseconds / 1000))
            pause = backoff.next()
        }
    }

    /// Lends a connection, and keeps it for later calls unless it broke.
    func withConnection<Result>(_ body: (Connection) throws -> Result) throws -> Result {
        let connection = try idle.withLock { $0.popLast() } ?? open()
        do {
            let result = try body(connection)
            keep(connection)
            return result
        } catch let error as DatabaseFailure where error.concernsServer {
            // The other connections lead to the same server, and have failed too.
            idle.withLock { $0 = [] }
            throw error
        } catch {
            keep(connection)
            throw error
        }
    }

    /// Opens a connection. After a failover it may lead to another server, which must be as safe as the first.
    private func open() throws(DatabaseFailure) -> Connection {
        let connection = try Connection.open(parameters)
        if let reason = try ServerFacts(connection, by: .now + timeout).refusal { throw .broken(reason) }
        return connection
    }

    private func keep(_ connection: Connection) {
        guard !connection.isBroken, !isClosed.load(ordering: .relaxed) else { return }
        idle.withLock { if $0.count < size { $0.append(connection) } }
    }
}

extension DatabaseFailure {
    /// True if the same call may succeed at once, with this connection or another one.
    var allowsRepetition: Bool {
        switch self {
        case .broken: true
        case .refused(let error): error.state.remedy == .reconnect || error.state.remedy == .repeatTransaction
        case .late: false
        }
    }

    /// True if other connections to the same server will fail as well.
    fileprivate var concernsServer: Bool {
        switch self {
        case .broken: true
        case .refused(let error): error.state.remedy == .reconnect
        case .late: false
        }
    }
}
