internal import DequeModule
internal import SystemClock

/// What the threads of a pool have before them: who makes which call, what waits, who hangs.
///
/// A plain machine: its owner locks it, wakes the threads and answers the callers.
struct ThreadBoard {
    /// What a thread is doing.
    private enum Occupation {
        /// There is no such thread.
        case none
        case waiting
        case call(Call, since: MonotonicTime)
        /// It was replaced. When it comes back, it ends.
        case hanging
    }

    private(set) var queue = Deque<Call>()
    /// By the threads' numbers.
    private var threads: [Occupation] = []
    /// How many threads there are, without those that hang.
    private var count = 0
    private(set) var hangingCount = 0
    private let replacementLimit: Int
    private var stops = false
    /// All threads hang and none may be added.
    private var isStuck = false
    /// How many nanoseconds a call takes: an average in which each new one counts a sixteenth.
    private var pace: Int64 = 0

    init(replacementLimit: Int) {
        self.replacementLimit = replacementLimit
    }

    /// So many waiting calls are always taken: a short queue tells nothing, one slow call may have gone before.
    private static var shortQueue: Int { 16 }

    /// What a thread is to do.
    enum Step {
        case call(Call)
        case wait
        case end
    }

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

    /// Takes a call, or says why not.
    mutating func enqueue(_ call: Call, limit: Int, at now: MonotonicTime) -> ThreadPoolError? {
        if stops { return .stopped }
        if isStuck { return .stuck }
        if queue.count >= limit { return .full }
        if queue.count > Self.shortQueue, now.nanoseconds + expectedWait > call.deadline.nanoseconds { return .full }
        queue.append(call)
        return nil
    }

    /// How many nanoseconds a new call would wait for a thread.
    private var expectedWait: Int64 { Int64(queue.count) * pace / Int64(max(1, count)) }

    /// A thread is done with what it did, and asks for more.
    mutating func next(for id: Int, at now: MonotonicTime) -> Step {
        switch threads[id] {
        case .call(let call, let since):
            isStuck = false
            // One that came too late was not made, and tells nothing.
            if call.deadline >= since { pace += (now.nanoseconds - since.nanoseconds - pace) / 16 }
        case .waiting: break
        case .none: return .end
        case .hanging:
            threads[id] = .none
            hangingCount -= 1
            return .end
        }
        if let call = queue.popFirst() {
            threads[id] = .call(call, since: now)
            return .call(call)
        }
        guard stops else {
            threads[id] = .waiting
            return .wait
        }
        threads[id] = .none
        count -= 1
        return .end
    }

    /// Takes out what is late, and those threads that hang, as far as they may be replaced.
    mutating func findLate(at now: MonotonicTime) -> (late: [Call], replacements: Int) {
        var late = queue.filter { $0.deadline < now }
        queue.removeAll { $0.deadline < now }
        var replacements = 0
        var overdue = 0
        for id in threads.indices {
            guard case .call(let call, _) = threads[id], call.deadline < now else { continue }
            late.append(call)
            overdue += 1
            guard !stops, hangingCount < replacementLimit else { continue }
            threads[id] = .hanging
            count -= 1
            hangingCount += 1
            replacements += 1
        }
        // Where none may be added in the first place, work waits as long as it can.
        isStuck = replacementLimit > 0 && replacements == 0 && overdue > 0 && overdue == count
        return (late.filter(\.isWanted), replacements)
    }

    /// Takes nothing more. Answers what was waiting.
    mutating func stop() -> [Call] {
        stops = true
        defer { queue.removeAll() }
        return Array(queue)
    }
}
