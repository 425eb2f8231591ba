internal import ThreadExecutor

/// What the threads that work at one file share: whose turn it is to write, and whether somebody has failed.
final class Crew: Sendable {
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

    /// Waits until all groups before this one are written; false when somebody has failed, and nobody is to write any more.
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

    /// Does the same on several threads and waits for all of them. The first failure makes the others stop, and is thrown.
    ///
    /// Blocks the thread that calls, which is none of the cooperative pool.
    static func run(
        _ count: Int, _ body: @escaping @Sendable (Crew) throws(FileEncryptionError) -> Void
    ) throws(FileEncryptionError) {
        let crew = Crew(count: count)
        for number in 0..<count {
            NamedThread.start("file-\(number)") { crew.work(body) }
        }
        let failure = crew.state.wait { state in state.running == 0 ? Optional(state.failure) : nil }
        if let failure { throw failure }
    }

    private func work(_ body: (Crew) throws(FileEncryptionError) -> Void) {
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
