internal import KeyManagement
internal import SystemClock
internal import ThreadExecutor

/// A line that waits to be written, with its waiting caller.
final class Submission: Sendable {
    /// The line; nil only checks that a line could be written.
    let body: LineBody?
    let deadline: MonotonicTime
    private let answer: SingleAnswer<WrittenLine?, AuditError>

    init(
        body: LineBody?, deadline: MonotonicTime,
        continuation: UnsafeContinuation<Result<WrittenLine?, AuditError>, Never>
    ) {
        self.body = body
        self.deadline = deadline
        answer = SingleAnswer(to: continuation)
    }

    var isWanted: Bool { answer.isWanted }

    func answer(_ result: Result<WrittenLine?, AuditError>) { answer.give(result) }
}
