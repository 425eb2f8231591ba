internal import ThreadExecutor

/// The state that the threads working on one file share: the turn to write, and the first failure.
final class WorkerGroup: Sendable {
    private struct State {
        var turn: UInt64 = 0
        var running: Int
        var failure: FileEncryptionError?
    }

    private let state: Monitor<State>

    private init(count: Int) {
        state = Monitor(State(running: count))
    }

    var hasFailed: Bool { state.withLock { $0.failure != nil } }

    /// Waits until all groups before this one are written; returns false if a thread has failed, so that nothing more may be written.
    func waitForTurn(_ index: UInt64) -> Bool {
        state.wait { state in
            if state.failure != nil { return false }
            return state.turn == index ? true : nil
        }
    }

    func endTurn() {
        state.withLock { $0.turn += 1 }
        state.wakeAll()
    }

    /// Runs the same body on several threads and waits for all of them. The first failure stops the others, and is thrown.
    ///
    /// Blocks the calling thread, which must not belong to the cooperative pool.
    static func run(
        _ count: Int, _ body: @escaping @Sendable (WorkerGroup) throws(FileEncryptionError) -> Void
    ) throws(FileEncryptionError) {
        let crew = WorkerGroup(count: count)
        for number in 0..<count {
            NamedThread.start("file-\(number)") { crew.work(body) }
        }
        let failure = crew.state.wait { state in state.running == 0 ? Optional(state.failure) : nil }
        if let failure { throw failure }
    }

    private func work(_ body: (WorkerGroup) throws(FileEncryptionError) -> Void) {
        var failure: FileEncryptionError?
        do throws(FileEncryptionError) {
            try body(self)
        } catch {
            failure = error
        }
        state.withLock { state in
            state.running -= 1
            if state.failure == nil { state.failure = failure }
        }
        state.wakeAll()
    }
}
