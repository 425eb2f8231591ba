public import Synchronization

/// The answer that a suspended caller waits for. Several threads may give it, such as the one that does the work and the one that
/// watches the deadline. The first answer counts.
@usableFromInline
package struct SingleAnswer<Value: Sendable, Failure: Error>: ~Copyable, Sendable {
    // Only the thread that turns this from false to true uses `continuation`, which happens once.
    @usableFromInline let isGiven = Atomic(false)
    @usableFromInline let continuation: UnsafeContinuation<Result<Value, Failure>, Never>

    @inlinable
    package init(to continuation: UnsafeContinuation<Result<Value, Failure>, Never>) {
        self.continuation = continuation
    }

    /// True until the answer is given.
    @inlinable
    package var isWanted: Bool { !isGiven.load(ordering: .relaxed) }

    /// Resumes the caller; does nothing if another answer was given.
    @inlinable
    package func give(_ answer: Result<Value, Failure>) {
        guard !isGiven.exchange(true, ordering: .acquiringAndReleasing) else { return }
        continuation.resume(returning: answer)
    }
}
