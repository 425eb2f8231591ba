internal import KeyManagement
internal import Synchronization
internal import ThreadExecutor

/// One token process during its lifetime: the requests that wait for answers, and the state of the conversation.
///
/// The process sends exactly one answer to each request, and nothing else. A process that breaks this rule is ended.
final class TokenChild: Sendable {
    let process: SpawnedProcess
    private let outbox: Outbox
    private let state = Mutex(State())
    /// The protocol violation of the process; `nil` while there is none.
    private let violation = Mutex<String?>(nil)

    private struct State {
        var pending: [UInt64: PendingAnswer] = [:]
        /// The requests whose deadlines passed before they were answered. Their answers are still owed.
        var late: [UInt64: ContinuousClock.Instant] = [:]
        var pings = 0
        var lastID: UInt64 = 0
        var heard = ContinuousClock.now
        var isGone = false
    }

    init(_ process: SpawnedProcess) {
        self.process = process
        outbox = Outbox(process.socket, name: "token-asks")
    }

    /// Sends a request and waits for its answer, until the deadline at the latest.
    func ask<Result: Sendable>(
        _ request: Frame.Request, by deadline: ContinuousClock.Instant, limit: Int = .max,
        _ write: (inout WireWriter) -> Void, _ read: @escaping @Sendable (inout WireReader) throws(WireError) -> Result
    ) async throws(TokenError) -> Result {
        let result = await withUnsafeContinuation { continuation in
            let answer = TypedPendingAnswer(deadline: deadline, continuation: continuation, read: read)
            do throws(TokenError) {
                let id = try add(answer, limit: limit)
                outbox.send(id: id, kind: request.rawValue, write)
            } catch {
                answer.refuse(error)
            }
        }
        return try result.get()
    }

    private func add(_ answer: PendingAnswer, limit: Int) throws(TokenError) -> UInt64 {
        try state.withLock { (state) throws(TokenError) in
            guard !state.isGone else { throw .unavailable("the token's process has ended") }
            guard state.pending.count < limit else { throw .busy("\(limit) calls wait for the token already") }
            state.lastID += 1
            state.pending[state.lastID] = answer
            return state.lastID
        }
    }

    /// Listens until the process has ended. It must end soon after it stops sending.
    ///
    /// - Returns: a description of its end.
    func listen() async -> String {
        await onOwnThread("token-answers") { [self] in
            let patience = readAnswers() ? Self.patience : Self.patienceAfterSilence
            if !process.hasEnded(within: patience) { process.kill() }
            let end = process.wait()
            return violation.withLock { $0 }.map { "it broke the protocol (\($0)); \(end)" } ?? end
        }
    }

    /// The time a process has to end and to close the module after the service ended the conversation.
    private static let patience = Duration.seconds(5)
    /// The same time if the process ended the conversation.
    private static let patienceAfterSilence = Duration.milliseconds(500)

    /// Reads answers until the conversation is over, and then refuses all waiting requests.
    ///
    /// - Returns: true if the service ended it.
    private func readAnswers() -> Bool {
        do throws(WireError) {
            try Inbox(process.socket, maxLength: WireLimits.answer).read { (id, kind, reader) throws(WireError) in
                let answer = try claim(id)
                guard let kind = Frame.Answer(rawValue: kind) else {
                    answer?.refuse(.unavailable("the token's process gave an answer that cannot be read"))
                    throw WireError("answer \(kind)")
                }
                try answer?.answer(kind, &reader)
                return true
            }
        } catch {
            // The sender is not, or no longer, the program that was started. It gets no time to end by itself.
            end(because: error.description)
        }
        let wasDismissed = process.wasDismissed
        process.hangUp()
        let left = state.withLock { state in
            state.isGone = true
            defer { state.pending.removeAll() }
            return Array(state.pending.values)
        }
        outbox.close()
        for answer in left { answer.refuse(.unavailable("the token's process has ended")) }
        return wasDismissed
    }

    /// Ends the process, which can no longer be trusted.
    func end(because reason: String) {
        violation.withLock { $0 = reason }
        process.kill()
    }

    /// Records an answer.
    ///
    /// - Returns: the request that waits for it; nil for a ping's answer, and for one that came too late.
    /// - Throws: for an answer without a request, or one given before.
    private func claim(_ id: UInt64) throws(WireError) -> PendingAnswer? {
        try state.withLock { (state) throws(WireError) -> PendingAnswer? in
            defer { state.heard = .now }
            if id == 0 {
                guard state.pings > 0 else { throw WireError("an answer to no ping") }
                state.pings -= 1
                return nil
            }
            if let answer = state.pending.removeValue(forKey: id) { return answer }
            guard state.late.removeValue(forKey: id) != nil else { throw WireError("an answer to no question") }
            return nil
        }
    }

    /// Sends a ping, which is answered without the module.
    func ping() {
        state.withLock { $0.pings += 1 }
        outbox.send(id: 0, kind: Frame.Request.ping.rawValue) { _ in }
    }

    /// The delays in a process's answers.
    struct Lateness {
        /// The time since the process last sent anything.
        let silence: Duration
        /// The delay past the deadline of the oldest answer it owes.
        let overdue: Duration
    }

    /// Answers the requests whose deadlines have passed.
    func answerTheLate(at now: ContinuousClock.Instant, _ error: TokenError) -> Lateness {
        let (given, lateness) = state.withLock { state in
            var given: [PendingAnswer] = []
            for (id, answer) in state.pending where answer.deadline < now {
                state.pending[id] = nil
                state.late[id] = answer.deadline
                given.append(answer)
            }
            let oldest = state.late.values.min()
            return (given, Lateness(silence: now - state.heard, overdue: oldest.map { now - $0 } ?? .zero))
        }
        for answer in given { answer.refuse(error) }
        return lateness
    }
}
