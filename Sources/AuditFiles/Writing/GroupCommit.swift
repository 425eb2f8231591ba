internal import KeyManagement
internal import SystemClock
internal import ThreadExecutor

/// Writes the lines of many tasks on a thread of its own. All waiting lines are written and synced together, and then all waiting tasks
/// resume, because a sync costs the same for one line as for a hundred. The next group gathers while the disk works. After a group of
/// several, the thread waits until as many have gathered again. It waits for a tenth of the time they would take one by one, and a
/// millisecond at most. A single caller
/// does not wait.
///
/// A caller gets an answer by its deadline even if the disk hangs. Its line may still be written later. It then belongs to an operation
/// that failed, which does no harm.
final class GroupCommit: Sendable {
    private struct Board {
        var waiting: [Submission] = []
        /// The submissions that are being written.
        var running: [Submission] = []
        /// The number of waiting submissions at which the thread is woken.
        var enough = 1
        var stops = false
    }

    private let board = Monitor(Board())
    private let alive = Monitor(1)
    private let queueLimit: Int

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - writer: the writer that the thread uses exclusively.
    ///   - queueLimit: the maximum number of waiting entries.
    ///   - onCommit: called with the chain's head after each group, before any caller is answered.
    init(writer: ChainWriter, queueLimit: Int, onCommit: @escaping @Sendable (ChainHead) -> Void) {
        self.queueLimit = queueLimit
        let (board, alive) = (board, alive)
        NamedThread.start("audit") {
            Self.work(on: board, writer, onCommit)
            alive.withLock { $0 -= 1 }
            alive.wakeAll()
        }
        NamedThread.start("audit-late") { Self.answerTheLate(on: board, while: alive) }
    }

    /// Writes a line or, without one, checks that one could be written.
    func submit(_ body: LineBody?, by deadline: MonotonicTime) async throws(AuditError) -> WrittenLine? {
        let result = await withUnsafeContinuation { continuation in
            enqueue(Submission(body: body, deadline: deadline, continuation: continuation))
        }
        return try result.get()
    }

    /// Accepts nothing more. Waiting lines are still written.
    func stop() {
        board.withLock { $0.stops = true }
        board.wakeAll()
    }

    /// Waits until the thread has ended and the files are closed; returns false if that takes longer than `patience`.
    func isGone(within patience: Duration) async -> Bool {
        let alive = alive
        return await onOwnThread("audit-stop") { alive.wait(atMost: patience) { $0 == 0 ? true : nil } ?? false }
    }

    private func enqueue(_ submission: Submission) {
        let outcome: Result<Bool, AuditError> = board.withLock { board in
            if board.stops { return .failure(.unavailable("the audit log is closed")) }
            if board.waiting.count >= queueLimit {
                return .failure(.busy("\(queueLimit) audit entries wait already"))
            }
            board.waiting.append(submission)
            return .success(board.waiting.count >= board.enough)
        }
        switch outcome {
        case .success(let isEnough): if isEnough { board.wakeOne() }
        case .failure(let refusal): submission.answer(.failure(refusal))
        }
    }

    private static func work(
        on board: Monitor<Board>, _ writer: ChainWriter, _ onCommit: @Sendable (ChainHead) -> Void
    ) {
        var writer = writer
        var last = 0
        var took = Duration.zero
        while let group = next(on: board, after: last, which: took) {
            let start = MonotonicTime.now
            write(group, by: &writer, onCommit)
            last = group.count
            took = MonotonicTime.now - start
            let questions = group.filter { $0.body == nil }
            guard !questions.isEmpty else { continue }
            let answer = Result { () throws(AuditError) in try writer.check() }
            for question in questions { question.answer(answer.map { nil }) }
        }
        writer.close()
    }

    private static func write(
        _ group: [Submission], by writer: inout ChainWriter, _ onCommit: @Sendable (ChainHead) -> Void
    ) {
        // The other callers have given up, and their operations have failed.
        let wanted = group.filter { $0.body != nil && $0.isWanted }
        guard !wanted.isEmpty else { return }
        do throws(AuditError) {
            let lines = try writer.append(wanted.compactMap(\.body))
            onCommit(writer.head)
            for (submission, line) in zip(wanted, lines) { submission.answer(.success(line)) }
        } catch {
            for submission in wanted { submission.answer(.failure(error)) }
        }
    }

    private static let maxGatheringTime = Duration.milliseconds(1)

    /// Returns everything that waits; nil if nothing waits and the commit has stopped.
    private static func next(
        on board: Monitor<Board>, after last: Int, which took: Duration
    ) -> [Submission]? {
        if last > 1 {
            board.withLock {
                $0.running = []; $0.enough = last
            }
            _ = board.wait(atMost: min(took * last / 10, maxGatheringTime)) {
                $0.waiting.count >= last || $0.stops ? true : nil
            }
        }
        return board.wait { board -> [Submission]?? in
            board.running = []
            board.enough = 1
            guard board.waiting.isEmpty else {
                swap(&board.running, &board.waiting)
                return .some(board.running)
            }
            return board.stops ? .some(nil) : nil
        }
    }

    /// Answers callers whose deadline has passed, whatever the disk is doing. Checks 20 times a second.
    private static func answerTheLate(on board: Monitor<Board>, while alive: Monitor<Int>) {
        var isOver = false
        while !isOver {
            isOver = alive.wait(atMost: .milliseconds(50)) { $0 == 0 ? true : nil } ?? false
            let now = MonotonicTime.now
            let late = board.withLock { board in
                let late = (board.waiting + board.running).filter { $0.deadline < now && $0.isWanted }
                board.waiting.removeAll { $0.deadline < now }
                return late
            }
            for submission in late { submission.answer(.failure(.busy("the disk of the audit log is too slow"))) }
        }
    }
}
