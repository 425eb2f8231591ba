public import SystemClock

/// A call to make on a thread of the pool, as the queue sees it.
@usableFromInline
class WorkItem: @unchecked Sendable {
    // Sendable: immutable. The subclass resumes its caller at most once.
    let deadline: MonotonicTime

    @usableFromInline
    init(deadline: MonotonicTime) {
        self.deadline = deadline
    }

    /// Makes the call and resumes its caller, unless the caller has been answered already.
    @usableFromInline
    func perform() {}

    /// Fails the call without making it; does nothing if the caller has been answered already.
    @usableFromInline
    func refuse(_ reason: ThreadPoolError) {}

    /// False once the caller has been answered.
    @usableFromInline
    var isWanted: Bool { false }
}

/// A work item with the type of its result.
@usableFromInline
final class TypedWorkItem<Result: Sendable>: WorkItem, @unchecked Sendable {
    // Sendable: immutable.
    @usableFromInline let answer: SingleAnswer<Result, ThreadPoolError>
    @usableFromInline let body: @Sendable () -> Result

    @inlinable
    init(
        deadline: MonotonicTime,
        continuation: UnsafeContinuation<Swift.Result<Result, ThreadPoolError>, Never>,
        body: @escaping @Sendable () -> Result
    ) {
        answer = SingleAnswer(to: continuation)
        self.body = body
        super.init(deadline: deadline)
    }

    @inlinable
    override func perform() {
        answer.give(.success(body()))
    }

    @inlinable
    override func refuse(_ reason: ThreadPoolError) {
        answer.give(.failure(reason))
    }

    @inlinable
    override var isWanted: Bool { answer.isWanted }
}
