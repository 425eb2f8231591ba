internal import Glibc
internal import Synchronization
internal import ThreadExecutor

/// The queue of frames to the other process. A caller that arrives while another is sending leaves its frame to that caller. So
/// under load many frames go in one system call, and a single frame goes at once.
///
/// Callers never wait. If the other end reads too slowly, a thread of the outbox sends the rest.
final class Outbox: Sendable {
    private struct State {
        var filling = WireBuffer(capacity: 1 << 16)
        var sending = WireBuffer(capacity: 1 << 16)
        var isSending = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let socket: OwnedDescriptor
    /// The work of the thread: nothing, something to send, or to end.
    private let backlog = Monitor(Backlog.none)

    private enum Backlog {
        case none
        case some
        case end
    }

    /// - Parameters:
    ///   - socket: the socket that frames are written to.
    ///   - name: the name of the outbox's thread.
    init(_ socket: OwnedDescriptor, name: String) {
        self.socket = socket
        NamedThread.start(name) { [self] in sendBacklogs() }
    }

    /// Sends a frame. Does nothing after ``close()``; the reading end detects that the other end is gone.
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

    /// Stops sending.
    func close() {
        state.withLock { $0.isClosed = true }
        backlog.withLock { $0 = .end }
        backlog.wakeAll()
    }

    /// Sends the queued frames. Must be called by the caller that set `isSending`, which this clears when everything is sent.
    ///
    /// - Returns: true if everything is sent; otherwise the rest is still queued.
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

    /// - Returns: false if the other end currently accepts no data.
    private func write(_ buffer: WireBuffer, _ canWait: Bool) -> Bool {
        while buffer.count > 0 {
            let flags = Int32(MSG_NOSIGNAL) | (canWait ? 0 : Int32(MSG_DONTWAIT))
            let sent = Glibc.send(socket.number, buffer.bytes.baseAddress, buffer.count, flags)
            if sent > 0 {
                buffer.dropFirst(sent)
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                return false
            } else if errno != EINTR {
                // The other end is gone, and the reading thread reports it. The data has no receiver.
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
