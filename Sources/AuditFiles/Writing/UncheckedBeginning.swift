internal import Synchronization

/// The lines of the last file that were not read when the chain was opened, until they are known to be whole.
///
/// Until then no file is begun and no checkpoint is signed. So the file stays the last one, and each later start checks it again.
final class UncheckedBeginning: Sendable {
    private enum State {
        case unchecked(ChainRecovery.Beginning)
        case whole
        /// A line was changed or is missing. It is not searched for again.
        case broken(AuditOpenError)
    }

    private let state: Mutex<State>
    private let turn = Turn()

    init(_ beginning: ChainRecovery.Beginning?) {
        state = Mutex(beginning.map { .unchecked($0) } ?? .whole)
    }

    var isWhole: Bool { state.withLock { if case .whole = $0 { true } else { false } } }

    /// Has the lines checked, unless they have been. Concurrent callers wait for one check.
    ///
    /// - Throws: what `check` throws; after ``AuditOpenError/broken(file:line:reason:)`` always the same.
    func check(
        _ check: (ChainRecovery.Beginning) async throws(AuditOpenError) -> Void
    ) async throws(AuditOpenError) {
        if isWhole { return }
        await turn.begin()
        defer { turn.end() }
        switch state.withLock({ $0 }) {
        case .whole: return
        case .broken(let error): throw error
        case .unchecked(let lines):
            do throws(AuditOpenError) {
                try await check(lines)
            } catch {
                if case .broken = error { state.withLock { $0 = .broken(error) } }
                throw error
            }
            state.withLock { $0 = .whole }
        }
    }
}
