internal import Synchronization

/// The lines of the last file that were not read when the chain was opened, until they are known to be whole.
///
/// Until then no file is begun and no checkpoint is signed. So the file stays the last one, and each later start checks it again.
final class UncheckedBeginning: Sendable {
    private let unchecked: Mutex<ChainRecovery.Beginning?>
    /// Lets one task at a time check the lines.
    let turn = Turn()

    init(_ beginning: ChainRecovery.Beginning?) {
        unchecked = Mutex(beginning)
    }

    /// The lines; nil if there are none, or if they were checked.
    var lines: ChainRecovery.Beginning? { unchecked.withLock { $0 } }

    func noteChecked() { unchecked.withLock { $0 = nil } }
}
