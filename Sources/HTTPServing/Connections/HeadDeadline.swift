import NIOCore
import NIOTLS

/// Closes a connection whose client takes too long to send the head of a request: the request line and all headers.
///
/// The time for the first head starts with the connection, or behind TLS with the end of the handshake. The time for each later one starts
/// with its first byte; until then the idle timeout applies. Bytes that arrive together with the end of the previous request are noticed
/// only with the next byte, and until then the idle timeout applies too. A head that arrives in one piece on a connection in use never sets
/// the timer.
final class HeadDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private var timer: ClosingTimer
    private let waitsForHandshake: Bool
    /// True from the end of a request's head to the end of its body.
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

    /// Records that a head was read to its end.
    func headArrived() {
        isInBody = true
        hasPartOfHead = false
        timer.stop()
    }

    /// Records that a request was read to its end.
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
