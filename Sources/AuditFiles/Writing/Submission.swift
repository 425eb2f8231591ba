internal import KeyManagement
internal import Synchronization
internal import SystemClock

/// A line that waits to be written, with its waiting caller.
final class Submission: @unchecked Sendable {
    // Sendable: immutable but for `isAnswered`, an atomic. Only the thread that sets it to true uses the continuation, which happens once.

    /// The line; nil only checks that a line could be written.
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
