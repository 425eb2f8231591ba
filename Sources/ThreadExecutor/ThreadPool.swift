internal import DequeModule
public import SystemClock

/// The reason why a pool did not make a call.
public enum ThreadPoolError: Error, Hashable, Sendable {
    /// The queue is full, or too long for a new call to start by its deadline.
    case full
    /// The deadline passed, while the call waited or was being made.
    case late
    /// All threads hang in calls whose deadlines have passed, and no more may be added.
    case stuck
    /// The pool is stopped.
    case stopped
}

/// A pool of threads for blocking calls.
///
/// Calls wait in one bounded queue for all threads, and each has a deadline. A caller is answered by its deadline even if the thread that
/// makes the call hangs. The result is then dropped, and another thread replaces the hanging one, up to a limit. A call that would come too
/// late, judged by the duration of earlier calls, is refused at once. Its caller can then go elsewhere, and the threads do no useless work.
public final class ThreadPool: Sendable {
    /// Only the working threads wait here, so that each wake-up reaches one of them.
    private let board: Monitor<ThreadPoolState>
    /// The number of threads, including those that hang.
    private let alive = Monitor(0)
    private let name: String
    private let queueLimit: Int
    private let onHang: @Sendable (_ hanging: Int) -> Void

    /// Starts the threads. They run until ``stop(patience:)``.
    ///
    /// - Parameters:
    ///   - name: the prefix of the threads' names, at most 11 bytes.
    ///   - threads: the number of threads, at least 1.
    ///   - queueLimit: the most calls that may wait, at least 1.
    ///   - replacementLimit: the most threads that may hang and be replaced at the same time. A hanging thread ends when its call returns.
    ///   - onHang: called on a thread of the pool with the number of hanging threads, whenever it grows.
    public init(
        name: String, threads: Int, queueLimit: Int, replacementLimit: Int = 0,
        onHang: @escaping @Sendable (_ hanging: Int) -> Void = { _ in }
    ) {
        precondition(threads > 0 && queueLimit > 0, "a pool without threads, or without a queue")
        self.name = name
        self.queueLimit = queueLimit
        self.onHang = onHang
        board = Monitor(ThreadPoolState(replacementLimit: replacementLimit))
        for _ in 0..<threads { startThread() }
        NamedThread.start("\(name)-late") { [self] in watch() }
    }

    /// Makes a call on one of the threads.
    ///
    /// - Throws: ``ThreadPoolError`` if it was not made, or not in time.
    @inlinable
    public func run<Result: Sendable>(
        by deadline: MonotonicTime, _ body: @escaping @Sendable () -> Result
    ) async throws(ThreadPoolError) -> Result {
        let result = await withUnsafeContinuation { continuation in
            enqueue(TypedWorkItem(deadline: deadline, continuation: continuation, body: body))
        }
        return try result.get()
    }

    /// The number of waiting calls.
    public var waitingCount: Int { board.withLock { $0.queue.count } }

    /// The number of threads that hang and have been replaced.
    public var hangingCount: Int { board.withLock { $0.hangingCount } }

    /// Refuses waiting calls, lets running calls finish, and returns when the threads have ended, or after `patience` if one of them hangs.
    ///
    /// - Returns: true if all threads have ended.
    @discardableResult
    public func stop(patience: Duration = .seconds(5)) async -> Bool {
        let waiting = board.withLock { $0.stop() }
        for item in waiting { item.refuse(.stopped) }
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
    func enqueue(_ item: WorkItem) {
        let refusal = board.withLock { $0.enqueue(item, limit: queueLimit, at: .now) }
        if let refusal { item.refuse(refusal) } else { board.wakeOne() }
    }

    private func startThread() {
        let id = board.withLock { $0.addThread() }
        alive.withLock { $0 += 1 }
        NamedThread.start("\(name)-\(id)") { [self] in
            while let item = next(for: id) {
                if item.deadline >= .now { item.perform() } else { item.refuse(.late) }
            }
            alive.withLock { $0 -= 1 }
            alive.wakeAll()
        }
    }

    /// Returns the next call; nil if the thread is to end.
    private func next(for id: Int) -> WorkItem? {
        board.wait { board -> WorkItem?? in
            switch board.next(for: id, at: .now) {
            case .work(let item): .some(item)
            case .end: .some(nil)
            case .wait: nil
            }
        }
    }

    /// Answers callers whose deadline has passed, whatever their calls are doing, and replaces threads that hang. Checks 20 times a second.
    private func watch() {
        var isOver = false
        while !isOver {
            isOver = alive.wait(atMost: .milliseconds(50)) { $0 == 0 ? true : nil } ?? false
            let (found, hanging) = board.withLock { ($0.findLate(at: .now), $0.hangingCount) }
            for item in found.late { item.refuse(.late) }
            for _ in 0..<found.replacements { startThread() }
            if found.replacements > 0 { onHang(hanging) }
        }
    }
}
