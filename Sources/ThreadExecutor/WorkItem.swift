internal import Synchronization
public import SystemClock

/// A call to make on a thread of the pool, as the queue sees it.
@usableFromInline
class WorkItem: @unchecked Sendable {
    // Sendable: immutable, except for the state that the subclass guards by `isAnswered`.
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

    /// True once the caller has been answered.
    private let isAnswered = Atomic(false)
    var isWanted: Bool { !isAnswered.load(ordering: .relaxed) }

    /// Returns true for the first caller of this function, which must then answer.
    @usableFromInline
    func claim() -> Bool { !isAnswered.exchange(true, ordering: .acquiringAndReleasing) }
}

/// A work item with the type of its result.
@usableFromInline
final class TypedWorkItem<Result: Sendable>: WorkItem, @unchecked Sendable {
    // Sendable: only the claimant of the answer uses `continuation`, which happens once.
    @usableFromInline let continuation: UnsafeContinuation<Swift.Result<Result, ThreadPoolError>, Never>
    @usableFromInline let body: @Sendable () -> Result

    @inlinable
    init(
        deadline: MonotonicTime,
        continuation: UnsafeContinuation<Swift.Result<Result, ThreadPoolError>, Never>,
        body: @escaping @Sendable () -> Result
    ) {
        self.continuation = continuation
        self.body = body
        super.init(deadline: deadline)
    }

    @inlinable
    override func perform() {
        answer(.success(body()))
    }

    @inlinable
    override func refuse(_ reason: ThreadPoolError) {
        answer(.failure(reason))
    }

    @inlinable
    func answer(_ result: Swift.Result<Result, ThreadPoolError>) {
        if claim() { continuation.resume(returning: result) }
    }
}
