internal import Synchronization

/// A piece of work that waits for a thread, seen from the queue.
class Call<State: ~Copyable>: @unchecked Sendable {
    // Sendable: immutable but for what the subclass guards by `isAnswered`.
    let deadline: ContinuousClock.Instant

    init(deadline: ContinuousClock.Instant) {
        self.deadline = deadline
    }

    /// Does the work on a thread's state and answers the caller, unless the caller has been answered already.
    func perform(on state: inout State) {}

    /// Answers the caller without the work; does nothing when the caller has been answered already.
    func refuse(_ reason: ThreadPoolError) {}

    /// Whether somebody still waits for the answer.
    var isWanted: Bool { false }
}

/// A piece of work with its result type.
final class TypedCall<State: ~Copyable, Result: Sendable>: Call<State>, @unchecked Sendable {
    // Sendable: `continuation` is used by whoever turns `isAnswered` from false to true, which happens once.
    private let isAnswered = Atomic(false)
    private let continuation: UnsafeContinuation<Swift.Result<Result, ThreadPoolError>, Never>
    private let body: @Sendable (inout State) -> Result

    init(
        deadline: ContinuousClock.Instant,
        continuation: UnsafeContinuation<Swift.Result<Result, ThreadPoolError>, Never>,
        body: @escaping @Sendable (inout State) -> Result
    ) {
        self.continuation = continuation
        self.body = body
        super.init(deadline: deadline)
    }

    override func perform(on state: inout State) {
        answer(.success(body(&state)))
    }

    override func refuse(_ reason: ThreadPoolError) {
        answer(.failure(reason))
    }

    override var isWanted: Bool { !isAnswered.load(ordering: .relaxed) }

    private func answer(_ result: Swift.Result<Result, ThreadPoolError>) {
        guard !isAnswered.exchange(true, ordering: .acquiringAndReleasing) else { return }
        continuation.resume(returning: result)
    }
}
