internal import Synchronization

/// Lets one task at a time go on, in the order of arrival. Checkpoints take turns, so that each one covers more lines than the one before.
final class Turn: Sendable {
    private struct State {
        var isTaken = false
        var waiting: [UnsafeContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Waits until no other task has the turn, and takes it. Each call needs one of ``end()``.
    func begin() async {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            let isFree = state.withLock { state in
                guard state.isTaken else {
                    state.isTaken = true
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    /// Passes the turn to the task that has waited longest.
    func end() {
        let next = state.withLock { state -> UnsafeContinuation<Void, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.isTaken = false
            return nil
        }
        next?.resume()
    }
}
