internal import DequeModule

/// Why a pool did not do a piece of work.
public enum ThreadPoolError: Error, Hashable, Sendable {
    /// As many pieces of work as may wait are waiting, or as many as can be done by this one's deadline.
    case full
    /// The deadline passed, while waiting or while the work was being done.
    case late
    /// All threads hang in work whose deadlines are over, and no more may be added.
    case stuck
    /// The pool is stopped.
    case stopped
}

/// Threads for calls that block, each with a state of its own that no other thread touches.
///
/// Work waits in one queue for all threads, which is bounded; each piece has a deadline. A caller is answered by its
/// deadline even when the thread that does the work hangs: the work's result is then dropped, and another thread takes the place of
/// the one that hangs, up to a bound. Work that would come too late, judged by what others took, is refused at once, so that its
/// caller can go elsewhere and the threads do nothing in vain.
public final class ThreadPool<State: ~Copyable>: Sendable {
    /// Only the working threads wait here, so that each wake-up reaches one of them.
    private let board: Monitor<ThreadBoard<State>>
    /// How many threads there are, those that hang included.
    private let alive: Monitor<Int>
    private let name: String
    private let queueLimit: Int
    private let makeState: @Sendable () -> State
    private let onHang: @Sendable (_ hanging: Int) -> Void

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - name: what the threads are called, at most 11 bytes.
    ///   - threads: how many, at least 1.
    ///   - queueLimit: how many pieces of work may wait, at least 1.
    ///   - replacementLimit: how many threads may hang and have been replaced at the same time. One that comes back ends.
    ///   - onHang: is told, on a thread of the pool's, how many threads hang whenever one more does.
    ///   - makeState: makes the state of one thread, on that thread, where it stays until the thread ends.
    public init(
        name: String, threads: Int, queueLimit: Int, replacementLimit: Int = 0,
        onHang: @escaping @Sendable (_ hanging: Int) -> Void = { _ in }, makeState: @escaping @Sendable () -> State
    ) {
        precondition(threads > 0 && queueLimit > 0, "a pool without threads, or without a queue")
        self.name = name
        self.queueLimit = queueLimit
        self.makeState = makeState
        self.onHang = onHang
        board = Monitor(ThreadBoard(replacementLimit: replacementLimit))
        alive = Monitor(0)
        for _ in 0..<threads { Self.startThread(name, board, alive, makeState) }
        let (board, alive) = (board, alive)
        NamedThread.start("\(name)-late") {
            Self.watch(board, while: alive, onHang) { Self.startThread(name, board, alive, makeState) }
        }
    }

    /// Does `body` on one of the threads.
    ///
    /// - Throws: ``ThreadPoolError`` when the work was not done, or not in time.
    public func run<Result: Sendable>(
        by deadline: ContinuousClock.Instant, _ body: @escaping @Sendable (inout State) -> Result
    ) async throws(ThreadPoolError) -> Result {
        let result = await withUnsafeContinuation { continuation in
            enqueue(TypedCall(deadline: deadline, continuation: continuation, body: body))
        }
        return try result.get()
    }

    /// How many pieces of work are waiting.
    public var waitingCount: Int { board.withLock { $0.queue.count } }

    /// How many threads hang and have been replaced.
    public var hangingCount: Int { board.withLock { $0.hanging.count } }

    /// Refuses what waits, lets run what runs, and returns when the threads and their states are gone, or after
    /// `patience` when one of them hangs.
    ///
    /// - Returns: whether all threads are gone.
    @discardableResult
    public func stop(patience: Duration = .seconds(5)) async -> Bool {
        let waiting = board.withLock { $0.stop() }
        for call in waiting { call.refuse(.stopped) }
        board.wakeAll()
        let alive = alive
        return await withUnsafeContinuation { continuation in
            NamedThread.start("pool-stop") {
                let gone = alive.wait(atMost: patience) { $0 == 0 ? true : nil }
                continuation.resume(returning: gone ?? false)
            }
        }
    }

    private func enqueue(_ call: Call<State>) {
        let refusal = board.withLock { $0.enqueue(call, limit: queueLimit, at: .now) }
        if let refusal { call.refuse(refusal) } else { board.wakeOne() }
    }

    private static func startThread(
        _ name: String, _ board: Monitor<ThreadBoard<State>>, _ alive: Monitor<Int>,
        _ makeState: @escaping @Sendable () -> State
    ) {
        let id = board.withLock { $0.addThread() }
        alive.withLock { $0 += 1 }
        NamedThread.start("\(name)-\(id)") {
            work(on: board, as: id, makeState)
            alive.withLock { $0 -= 1 }
            alive.wakeAll()
        }
    }

    private static func work(
        on board: Monitor<ThreadBoard<State>>, as id: Int, _ makeState: @Sendable () -> State
    ) {
        var state = makeState()
        var took: Duration?
        while let call = next(on: board, for: id, took) {
            let start = ContinuousClock.now
            guard call.deadline >= start else {
                call.refuse(.late)
                took = nil
                continue
            }
            call.perform(on: &state)
            took = .now - start
        }
    }

    /// The next piece of work, or nil when the thread is to end.
    ///
    /// - Parameter took: how long the one before took, if there was one.
    private static func next(on board: Monitor<ThreadBoard<State>>, for id: Int, _ took: Duration?) -> Call<State>? {
        var untold = took
        return board.wait { board -> Call<State>?? in
            let step = board.next(for: id, took: untold)
            untold = nil
            switch step {
            case .perform(let call): return .some(call)
            case .end: return .some(nil)
            case .wait: return nil
            }
        }
    }

    /// Answers callers whose deadline has passed, whatever their work is doing, and replaces threads that hang. Looks 20 times a
    /// second.
    private static func watch(
        _ board: Monitor<ThreadBoard<State>>, while alive: Monitor<Int>,
        _ onHang: @Sendable (Int) -> Void, _ startThread: () -> Void
    ) {
        var isOver = false
        while !isOver {
            isOver = alive.wait(atMost: .milliseconds(50)) { $0 == 0 ? true : nil } ?? false
            let found = board.withLock { $0.findLate(at: .now) }
            for call in found.late { call.refuse(.late) }
            for _ in 0..<found.replacements { startThread() }
            if found.replacements > 0 { onHang(found.hanging) }
        }
    }
}
