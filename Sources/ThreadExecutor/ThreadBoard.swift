internal import DequeModule

/// What the threads of a pool have before them: who does what, what waits, who hangs.
///
/// A plain machine: its owner locks it, wakes the threads and answers the callers.
struct ThreadBoard<State: ~Copyable> {
    private(set) var queue = Deque<Call<State>>()
    /// What each thread is doing, by its number; those that hang are not here.
    private var running: [Int: Call<State>?] = [:]
    /// Threads that hang and were replaced. One that comes back ends.
    private(set) var hanging: Set<Int> = []
    private let replacementLimit: Int
    private var lastThread = -1
    private var stops = false
    /// All threads hang and none may be added.
    private var isStuck = false
    /// How long a piece of work takes, in seconds: an average in which each new one counts a sixteenth.
    private var pace = 0.0

    init(replacementLimit: Int) {
        self.replacementLimit = replacementLimit
    }

    /// So many waiting pieces of work are always taken: a short queue tells nothing, one slow piece of work may have gone before.
    private static var shortQueue: Int { 16 }

    /// What a thread is to do.
    enum Step {
        case perform(Call<State>)
        case wait
        case end
    }

    /// - Returns: the new thread's number.
    mutating func addThread() -> Int {
        lastThread += 1
        running[lastThread] = .some(nil)
        return lastThread
    }

    /// Takes a piece of work, or says why not.
    mutating func enqueue(_ call: Call<State>, limit: Int, at now: ContinuousClock.Instant) -> ThreadPoolError? {
        if stops { return .stopped }
        if isStuck { return .stuck }
        if queue.count >= limit { return .full }
        if queue.count > Self.shortQueue, now + expectedWait > call.deadline { return .full }
        queue.append(call)
        return nil
    }

    /// How long a new piece of work would wait for a thread.
    private var expectedWait: Duration { .seconds(Double(queue.count) * pace / Double(max(1, running.count))) }

    /// A thread is done with what it did, and asks for more.
    mutating func next(for id: Int, took: Duration?) -> Step {
        if hanging.remove(id) != nil { return .end }
        if let took { pace += (took / .seconds(1) - pace) / 16 }
        running[id] = .some(nil)
        isStuck = false
        if let call = queue.popFirst() {
            running[id] = call
            return .perform(call)
        }
        guard stops else { return .wait }
        running[id] = nil
        return .end
    }

    /// Takes out what is late, and those threads that hang, as far as they may be replaced.
    mutating func findLate(
        at now: ContinuousClock.Instant
    ) -> (late: [Call<State>], replacements: Int, hanging: Int) {
        let overdue = running.filter { $0.value.map { $0.deadline < now } ?? false }
        let late = (Array(queue) + overdue.values.compactMap { $0 }).filter { $0.deadline < now && $0.isWanted }
        queue.removeAll { $0.deadline < now }
        var replacements = 0
        if !stops {
            for id in overdue.keys.sorted() where hanging.count < replacementLimit {
                running[id] = nil
                hanging.insert(id)
                replacements += 1
            }
        }
        // Where none may be added in the first place, work waits as long as it can.
        isStuck =
            replacementLimit > 0 && replacements == 0 && !overdue.isEmpty && overdue.count == running.count
        return (late, replacements, hanging.count)
    }

    /// Takes nothing more. Answers what was waiting.
    mutating func stop() -> [Call<State>] {
        stops = true
        defer { queue.removeAll() }
        return Array(queue)
    }
}
