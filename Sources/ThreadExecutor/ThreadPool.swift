internal import DequeModule

/// Why a pool did not do a piece of work.
public enum ThreadPoolError: Error, Hashable, Sendable {
    /// As many pieces of work as may wait are waiting, or as many as can be done by this one's deadline.
    case full
    /// The deadline passed, while waiting or while the work was being done.
    case late
    /// The pool is stopped.
    case stopped
}

/// Threads for calls that block, each with a state of its own that no other thread touches.
///
/// Work waits in one queue for all threads, which is bounded; each piece has a deadline. A caller is answered by its
/// deadline even when the thread that does the work hangs: the work's result is then dropped. Work that would come too late, judged
/// by what others took, is refused at once, so that its caller can go elsewhere and the threads do nothing in vain.
public final class ThreadPool<State: ~Copyable>: Sendable {
    private struct Board {
        var queue = Deque<Call<State>>()
        /// What each thread is doing.
        var running: [Call<State>?]
        var stops = false
        /// How long a piece of work takes, in seconds: an average in which each new one counts a sixteenth.
        var pace = 0.0

        /// How long a new piece of work would wait for a thread.
        var expectedWait: Duration { .seconds(Double(queue.count) * pace / Double(running.count)) }
    }

    /// Only the working threads wait here, so that each wake-up reaches one of them.
    private let board: Monitor<Board>
    /// How many working threads there are.
    private let alive: Monitor<Int>
    private let queueLimit: Int

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - name: what the threads are called, at most 11 bytes.
    ///   - threads: how many, at least 1.
    ///   - queueLimit: how many pieces of work may wait, at least 1.
    ///   - makeState: makes the state of one thread, on that thread, where it stays until the pool stops.
    public init(
        name: String, threads: Int, queueLimit: Int, makeState: @escaping @Sendable () -> State
    ) {
        precondition(threads > 0 && queueLimit > 0, "a pool without threads, or without a queue")
        self.queueLimit = queueLimit
        let board = Monitor(Board(running: Array(repeating: nil, count: threads)))
        let alive = Monitor(threads)
        self.board = board
        self.alive = alive
        for index in 0..<threads {
            NamedThread.start("\(name)-\(index)") {
                Self.work(on: board, as: index, makeState)
                alive.withLock { $0 -= 1 }
                alive.wakeAll()
            }
        }
        NamedThread.start("\(name)-late") { Self.answerTheLate(on: board, while: alive) }
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

    /// Refuses what waits, lets run what runs, and returns when the threads and their states are gone, or after
    /// `patience` when one of them hangs.
    ///
    /// - Returns: whether all threads are gone.
    @discardableResult
    public func stop(patience: Duration = .seconds(5)) async -> Bool {
        let waiting = board.withLock { board in
            board.stops = true
            defer { board.queue.removeAll() }
            return Array(board.queue)
        }
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
        let refusal: ThreadPoolError? = board.withLock { board in
            if board.stops { return .stopped }
            if board.queue.count >= queueLimit { return .full }
            // A short queue tells nothing: one slow piece of work may have gone before.
            if board.queue.count > Self.shortQueue, ContinuousClock.now + board.expectedWait > call.deadline {
                return .full
            }
            board.queue.append(call)
            return nil
        }
        if let refusal { call.refuse(refusal) } else { board.wakeOne() }
    }

    /// So many waiting pieces of work are always taken.
    private static var shortQueue: Int { 16 }

    private static func work(on board: Monitor<Board>, as index: Int, _ makeState: @Sendable () -> State) {
        var state = makeState()
        var took: Duration?
        while let call = next(on: board, for: index, took) {
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

    /// The next piece of work, or nil when the pool stops.
    ///
    /// - Parameter took: how long the one before took, if there was one.
    private static func next(on board: Monitor<Board>, for index: Int, _ took: Duration?) -> Call<State>? {
        var untold = took
        return board.wait { board -> Call<State>?? in
            if let took = untold { board.pace += (took / .seconds(1) - board.pace) / 16 }
            untold = nil
            board.running[index] = nil
            if let call = board.queue.popFirst() {
                board.running[index] = call
                return .some(call)
            }
            return board.stops ? .some(nil) : nil
        }
    }

    /// Answers callers whose deadline has passed, whatever their work is doing. Looks 20 times a second.
    private static func answerTheLate(on board: Monitor<Board>, while alive: Monitor<Int>) {
        var isOver = false
        while !isOver {
            isOver = alive.wait(atMost: .milliseconds(50)) { $0 == 0 ? true : nil } ?? false
            let now = ContinuousClock.now
            let late: [Call<State>] = board.withLock { board in
                let calls = Array(board.queue) + board.running.compactMap { $0 }
                let late = calls.filter { $0.deadline < now && $0.isWanted }
                board.queue.removeAll { $0.deadline < now }
                return late
            }
            for call in late { call.refuse(.late) }
        }
    }
}
