public import SystemClock

/// Why a pool did not make a call.
public enum ThreadPoolError: Error, Hashable, Sendable {
    /// As many calls as may wait are waiting, or as many as can be made by this one's deadline.
    case full
    /// The deadline passed, while waiting or while the call was being made.
    case late
    /// All threads hang in calls whose deadlines are over, and no more may be added.
    case stuck
    /// The pool is stopped.
    case stopped
}

/// Threads for calls that block.
///
/// Calls wait in one queue for all threads, which is bounded; each has a deadline. A caller is answered by its
/// deadline even when the thread that makes the call hangs: the result is then dropped, and another thread takes the place of
/// the one that hangs, up to a bound. A call that would come too late, judged by what others took, is refused at once, so that its
/// caller can go elsewhere and the threads do nothing in vain.
public final class ThreadPool: Sendable {
    /// Only the working threads wait here, so that each wake-up reaches one of them.
    private let board: Monitor<ThreadBoard>
    /// How many threads there are, those that hang included.
    private let alive = Monitor(0)
    private let name: String
    private let queueLimit: Int
    private let onHang: @Sendable (_ hanging: Int) -> Void

    /// Starts the threads. They go on until ``stop(patience:)``.
    ///
    /// - Parameters:
    ///   - name: what the threads are called, at most 11 bytes.
    ///   - threads: how many, at least 1.
    ///   - queueLimit: how many calls may wait, at least 1.
    ///   - replacementLimit: how many threads may hang and have been replaced at the same time. One that comes back ends.
    ///   - onHang: is told, on a thread of the pool's, how many threads hang whenever one more does.
    public init(
        name: String, threads: Int, queueLimit: Int, replacementLimit: Int = 0,
        onHang: @escaping @Sendable (_ hanging: Int) -> Void = { _ in }
    ) {
        precondition(threads > 0 && queueLimit > 0, "a pool without threads, or without a queue")
        self.name = name
        self.queueLimit = queueLimit
        self.onHang = onHang
        board = Monitor(ThreadBoard(replacementLimit: replacementLimit))
        for _ in 0..<threads { startThread() }
        NamedThread.start("\(name)-late") { [self] in watch() }
    }

    /// Makes a call on one of the threads.
    ///
    /// - Throws: ``ThreadPoolError`` when it was not made, or not in time.
    @inlinable
    public func run<Result: Sendable>(
        by deadline: MonotonicTime, _ body: @escaping @Sendable () -> Result
    ) async throws(ThreadPoolError) -> Result {
        let result = await withUnsafeContinuation { continuation in
            enqueue(TypedCall(deadline: deadline, continuation: continuation, body: body))
        }
        return try result.get()
    }

    /// How many calls are waiting.
    public var waitingCount: Int { board.withLock { $0.queue.count } }

    /// How many threads hang and have been replaced.
    public var hangingCount: Int { board.withLock { $0.hangingCount } }

    /// Refuses what waits, lets run what runs, and returns when the threads are gone, or after `patience` when one of them hangs.
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

    @usableFromInline
    func enqueue(_ call: Call) {
        let refusal = board.withLock { $0.enqueue(call, limit: queueLimit, at: .now) }
        if let refusal { call.refuse(refusal) } else { board.wakeOne() }
    }

    private func startThread() {
        let id = board.withLock { $0.addThread() }
        alive.withLock { $0 += 1 }
        NamedThread.start("\(name)-\(id)") { [self] in
            while let call = next(for: id) {
                if call.deadline >= .now { call.perform() } else { call.refuse(.late) }
            }
            alive.withLock { $0 -= 1 }
            alive.wakeAll()
        }
    }

    /// The next call, or nil when the thread is to end.
    private func next(for id: Int) -> Call? {
        board.wait { board -> Call?? in
            switch board.next(for: id, at: .now) {
            case .call(let call): .some(call)
            case .end: .some(nil)
            case .wait: nil
            }
        }
    }

    /// Answers callers whose deadline has passed, whatever their calls are doing, and replaces threads that hang. Looks 20 times a
    /// second.
    private func watch() {
        var isOver = false
        while !isOver {
            isOver = alive.wait(atMost: .milliseconds(50)) { $0 == 0 ? true : nil } ?? false
            let (found, hanging) = board.withLock { ($0.findLate(at: .now), $0.hangingCount) }
            for call in found.late { call.refuse(.late) }
            for _ in 0..<found.replacements { startThread() }
            if found.replacements > 0 { onHang(hanging) }
        }
    }
}
