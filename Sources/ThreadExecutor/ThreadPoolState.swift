internal import DequeModule
internal import SystemClock

/// The state of a thread pool: the calls of its threads, the queue, and the threads that hang.
///
/// A pure state machine. Its owner locks it, wakes the threads and answers the callers.
struct ThreadPoolState {
    /// The occupation of a thread.
    private enum Occupation {
        /// There is no such thread.
        case none
        case waiting
        case work(WorkItem, since: MonotonicTime)
        /// The thread was replaced. It ends when its call returns.
        case hanging
    }

    private(set) var queue = Deque<WorkItem>()
    /// The occupations, by thread number.
    private var threads: [Occupation] = []
    /// The number of threads, without those that hang.
    private var count = 0
    private(set) var hangingCount = 0
    private let replacementLimit: Int
    private var stops = false
    /// True if all threads hang and none may be added.
    private var isStuck = false
    /// The time of a call in nanoseconds: an average in which each new call counts one sixteenth.
    private var pace: Int64 = 0

    init(replacementLimit: Int) {
        self.replacementLimit = replacementLimit
    }

    /// The number of waiting calls that are always accepted. A short queue says little, because its average may come from one slow call.
    private static var shortQueue: Int { 16 }

    /// The next step of a thread.
    enum Step {
        case work(WorkItem)
        case wait
        case end
    }

    /// Adds a thread.
    ///
    /// - Returns: the new thread's number.
    mutating func addThread() -> Int {
        count += 1
        if let free = threads.firstIndex(where: { if case .none = $0 { true } else { false } }) {
            threads[free] = .waiting
            return free
        }
        threads.append(.waiting)
        return threads.count - 1
    }

    /// Accepts a call, or returns the reason for refusing it.
    mutating func enqueue(_ item: WorkItem, limit: Int, at now: MonotonicTime) -> ThreadPoolError? {
        if stops { return .stopped }
        if isStuck { return .stuck }
        if queue.count >= limit { return .full }
        if queue.count > Self.shortQueue, now.nanoseconds + expectedWait > item.deadline.nanoseconds { return .full }
        queue.append(item)
        return nil
    }

    /// The time in nanoseconds that a new call would wait for a thread.
    private var expectedWait: Int64 { Int64(queue.count) * pace / Int64(max(1, count)) }

    /// Ends a thread's current call and returns its next step.
    mutating func next(for id: Int, at now: MonotonicTime) -> Step {
        switch threads[id] {
        case .work(let item, let since):
            isStuck = false
            // A late call was not made, so it does not affect the average.
            if item.deadline >= since { pace += (now.nanoseconds - since.nanoseconds - pace) / 16 }
        case .waiting: break
        case .none: return .end
        case .hanging:
            threads[id] = .none
            hangingCount -= 1
            return .end
        }
        if let item = queue.popFirst() {
            threads[id] = .work(item, since: now)
            return .work(item)
        }
        guard stops else {
            threads[id] = .waiting
            return .wait
        }
        threads[id] = .none
        count -= 1
        return .end
    }

    /// Removes late calls, and marks hanging threads for replacement as far as the limit allows.
    mutating func findLate(at now: MonotonicTime) -> (late: [WorkItem], replacements: Int) {
        var late = queue.filter { $0.deadline < now }
        queue.removeAll { $0.deadline < now }
        var replacements = 0
        var overdue = 0
        for id in threads.indices {
            guard case .work(let item, _) = threads[id], item.deadline < now else { continue }
            late.append(item)
            overdue += 1
            guard !stops, hangingCount < replacementLimit else { continue }
            threads[id] = .hanging
            count -= 1
            hangingCount += 1
            replacements += 1
        }
        // If threads are never replaced, calls wait as long as they can.
        isStuck = replacementLimit > 0 && replacements == 0 && overdue > 0 && overdue == count
        return (late.filter(\.isWanted), replacements)
    }

    /// Accepts no more calls, and returns those that were waiting.
    mutating func stop() -> Deque<WorkItem> {
        stops = true
        defer { queue.removeAll() }
        return queue
    }
}
