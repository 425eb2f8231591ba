internal import KeyManagement
internal import Synchronization
internal import ThreadExecutor

/// One process of the token's, for as long as it lives: who waits for which answer, and whether it still says anything.
final class TokenChild: Sendable {
    let process: SpawnedProcess
    private let outbox: Outbox
    private let state = Mutex(State())

    private struct State {
        var pending: [UInt64: PendingAnswer] = [:]
        var lastID: UInt64 = 0
        var heard = ContinuousClock.now
        var isGone = false
    }

    init(_ process: SpawnedProcess) {
        self.process = process
        outbox = Outbox(process.socket, name: "token-asks")
    }

    /// Asks, and waits for the answer, for at most as long as the deadline says.
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

    /// Listens until the process has ended, which it has to soon after it says nothing more.
    ///
    /// - Returns: how it ended.
    func listen() async -> String {
        await onOwnThread("token-answers") { [self] in
            readAnswers()
            if !process.hasEnded(within: Self.patience) { process.kill() }
            return process.wait()
        }
    }

    /// How long a process may take to end once nobody speaks to it any more: it closes the module.
    private static let patience = Duration.seconds(5)

    /// Reads answers until the conversation is over; then all who wait are told so.
    private func readAnswers() {
        do throws(WireError) {
            try Inbox(process.socket).read { (id, kind, reader) throws(WireError) in
                let answer = state.withLock { state in
                    state.heard = .now
                    return state.pending.removeValue(forKey: id)
                }
                guard let kind = Frame.Answer(rawValue: kind) else { throw WireError("answer \(kind)") }
                // One that came too late was given up, and nobody waits for it.
                try answer?.answer(kind, &reader)
                return true
            }
        } catch {
            // What cannot be read ends the conversation, and with it the process.
        }
        process.hangUp()
        let left = state.withLock { state in
            state.isGone = true
            defer { state.pending.removeAll() }
            return Array(state.pending.values)
        }
        outbox.close()
        for answer in left { answer.refuse(.unavailable("the token's process has ended")) }
    }

    /// Sends something that is answered without the module.
    func ping() { outbox.send(id: 0, kind: Frame.Request.ping.rawValue) { _ in } }

    /// Answers those whose deadlines have passed, and says how long the process has been silent.
    func answerTheLate(at now: ContinuousClock.Instant, _ error: TokenError) -> Duration {
        let (late, silence) = state.withLock { state in
            let ids = state.pending.filter { $0.value.deadline < now }.map(\.key)
            return (ids.compactMap { state.pending.removeValue(forKey: $0) }, now - state.heard)
        }
        for answer in late { answer.refuse(error) }
        return silence
    }
}
