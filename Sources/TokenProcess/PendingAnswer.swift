internal import KeyManagement
internal import ThreadExecutor

/// A request that waits for an answer of the token's process.
class PendingAnswer: @unchecked Sendable {
    // Sendable: immutable. The subclass resumes its caller at most once.
    let deadline: ContinuousClock.Instant

    init(deadline: ContinuousClock.Instant) {
        self.deadline = deadline
    }

    /// Reads the answer for the caller that waits.
    func answer(_ kind: Frame.Answer, _ reader: inout WireReader) throws(WireError) {}

    /// Tells the caller that waits that no answer will come.
    func refuse(_ error: TokenError) {}
}

/// A waiting request, with the type of its answer.
final class TypedPendingAnswer<Result: Sendable>: PendingAnswer, @unchecked Sendable {
    // Sendable: immutable.
    private let answer: SingleAnswer<Result, TokenError>
    private let read: @Sendable (inout WireReader) throws(WireError) -> Result

    init(
        deadline: ContinuousClock.Instant, continuation: UnsafeContinuation<Swift.Result<Result, TokenError>, Never>,
        read: @escaping @Sendable (inout WireReader) throws(WireError) -> Result
    ) {
        answer = SingleAnswer(to: continuation)
        self.read = read
        super.init(deadline: deadline)
    }

    override func answer(_ kind: Frame.Answer, _ reader: inout WireReader) throws(WireError) {
        let result: Swift.Result<Result, TokenError>
        do throws(WireError) {
            result = kind == .done ? .success(try read(&reader)) : .failure(try reader.error(kind))
            try reader.finish()
        } catch {
            answer.give(.failure(.unavailable("the token's process gave an answer that cannot be read: \(error)")))
            throw error
        }
        answer.give(result)
    }

    override func refuse(_ error: TokenError) { answer.give(.failure(error)) }
}
