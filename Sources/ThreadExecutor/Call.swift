internal import Synchronization
public import SystemClock

/// A call that waits for a thread, seen from the queue.
@usableFromInline
class Call: @unchecked Sendable {
    // Sendable: immutable but for what the subclass guards by `isAnswered`.
    let deadline: MonotonicTime

    @usableFromInline
    init(deadline: MonotonicTime) {
        self.deadline = deadline
    }

    /// Makes the call and answers who waits for it, unless he has been answered already.
    @usableFromInline
    func perform() {}

    /// Answers who waits, without the call; does nothing when he has been answered already.
    @usableFromInline
    func refuse(_ reason: ThreadPoolError) {}

    /// Whether somebody still waits for the answer.
    private let isAnswered = Atomic(false)
    var isWanted: Bool { !isAnswered.load(ordering: .relaxed) }

    /// Whether whoever asks is the first, and thus the one who answers.
    @usableFromInline
    func claim() -> Bool { !isAnswered.exchange(true, ordering: .acquiringAndReleasing) }
}

/// A call with its result type.
@usableFromInline
final class TypedCall<Result: Sendable>: Call, @unchecked Sendable {
    // Sendable: `continuation` is used by whoever claims the answer, which happens once.
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
