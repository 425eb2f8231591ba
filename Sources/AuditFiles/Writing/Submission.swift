internal import KeyManagement
internal import Synchronization
internal import SystemClock

/// A line that waits to be written, and who waits for it.
final class Submission: @unchecked Sendable {
    // Sendable: immutable but for `isAnswered`, an atomic; the continuation is used by whoever turns that to true, which happens
    // once.

    /// Nil asks only whether something could be written.
    let body: LineBody?
    let deadline: MonotonicTime
    private let isAnswered = Atomic(false)
    private let continuation: UnsafeContinuation<Result<WrittenLine?, AuditError>, Never>

    init(
        body: LineBody?, deadline: MonotonicTime,
        continuation: UnsafeContinuation<Result<WrittenLine?, AuditError>, Never>
    ) {
        self.body = body
        self.deadline = deadline
        self.continuation = continuation
    }

    var isWanted: Bool { !isAnswered.load(ordering: .relaxed) }

    func answer(_ result: Result<WrittenLine?, AuditError>) {
        guard !isAnswered.exchange(true, ordering: .acquiringAndReleasing) else { return }
        continuation.resume(returning: result)
    }
}
