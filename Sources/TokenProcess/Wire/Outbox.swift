internal import Synchronization
internal import ThreadExecutor

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// What is to be sent to the other process. Whoever comes while somebody sends leaves his frame to him: so under load many frames go
/// in one call of the system, and alone a frame goes at once.
///
/// Nobody waits here: when the other end does not take it as fast as it comes, a thread of the outbox's sends the rest.
final class Outbox: Sendable {
    private struct State {
        var filling = WireBuffer(capacity: 1 << 16)
        var sending = WireBuffer(capacity: 1 << 16)
        var isSending = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let socket: OwnedDescriptor
    /// Whether the thread has something to send.
    private let backlog = Monitor(Backlog.none)

    private enum Backlog {
        case none
        case some
        case end
    }

    /// - Parameter name: of the thread, see above.
    init(_ socket: OwnedDescriptor, name: String) {
        self.socket = socket
        NamedThread.start(name) { [self] in sendBacklogs() }
    }

    /// Sends a frame. Does nothing after ``close()``; the reading end learns of the other's end.
    func send(id: UInt64, kind: UInt8, _ body: (inout WireWriter) -> Void) {
        let isMine = state.withLock { state in
            guard !state.isClosed else { return false }
            Frame.append(to: state.filling, id: id, kind: kind, body)
            defer { state.isSending = true }
            return !state.isSending
        }
        guard isMine, !flush(canWait: false) else { return }
        backlog.withLock { if $0 == .none { $0 = .some } }
        backlog.wakeAll()
    }

    /// Sends nothing more.
    func close() {
        state.withLock { $0.isClosed = true }
        backlog.withLock { $0 = .end }
        backlog.wakeAll()
    }

    /// Sends what there is. To be called by whoever set `isSending`, which it clears when all is sent.
    ///
    /// - Returns: whether it is; else the rest is still there.
    private func flush(canWait: Bool) -> Bool {
        while true {
            let next: WireBuffer? = state.withLock { state in
                if state.sending.count == 0 { swap(&state.filling, &state.sending) }
                guard state.sending.count > 0, !state.isClosed else {
                    state.isSending = false
                    return nil
                }
                return state.sending
            }
            guard let next else { return true }
            guard write(next, canWait) else { return false }
        }
    }

    /// - Returns: false when the other end takes nothing at the moment.
    private func write(_ buffer: WireBuffer, _ canWait: Bool) -> Bool {
        while buffer.count > 0 {
            let flags = Int32(MSG_NOSIGNAL) | (canWait ? 0 : Int32(MSG_DONTWAIT))
            let sent = Glibc.send(socket.number, buffer.bytes.baseAddress, buffer.count, flags)
            if sent > 0 {
                buffer.dropFirst(sent)
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                return false
            } else if errno != EINTR {
                // The other end is gone, which the reading thread learns and tells; there is nobody to send to.
                buffer.removeAll()
            }
        }
        return true
    }

    private func sendBacklogs() {
        while true {
            let goesOn: Bool = backlog.wait { backlog in
                switch backlog {
                case .none: return nil
                case .some:
                    backlog = .none
                    return true
                case .end: return false
                }
            }
            guard goesOn else { return }
            _ = flush(canWait: true)
        }
    }
}
