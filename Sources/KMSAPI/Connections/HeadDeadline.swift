import NIOCore
import NIOTLS

/// Closes a connection whose client takes too long to send the head of a request: the request line and all headers.
///
/// The time for the first head begins with the connection, behind TLS with the end of the handshake. The time for each further one begins
/// with its first byte; until that comes, the idle timeout counts. Bytes that arrive together with the end of the request before are
/// noticed with the next byte only, and until then the idle timeout counts, too. A head that arrives in one piece on a connection that is in
/// use never sets the timer.
final class HeadDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private var timer: ClosingTimer
    private let waitsForHandshake: Bool
    /// Whether the head of a request is there and the end of its body is not.
    private var isInBody = false
    private var hasPartOfHead = false

    init(timeout: TimeAmount, waitsForHandshake: Bool) {
        timer = ClosingTimer(timeout: timeout)
        self.waitsForHandshake = waitsForHandshake
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if !waitsForHandshake { timer.start(context) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { timer.start(context) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !isInBody { hasPartOfHead = true }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if hasPartOfHead { timer.start(context) }
        context.fireChannelReadComplete()
    }

    /// A head was read to its end.
    func headArrived() {
        isInBody = true
        hasPartOfHead = false
        timer.stop()
    }

    /// A request was read to its end.
    func requestArrived() {
        isInBody = false
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer.stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer.stop()
    }
}

@available(*, unavailable)
extension HeadDeadline: Sendable {}
