import NIOCore

/// Closes a connection whose client does not read. Otherwise unread answers, and the connection with them, would be kept for as long as the
/// client likes.
final class WriteDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private var timer: ClosingTimer

    init(timeout: TimeAmount) {
        timer = ClosingTimer(timeout: timeout)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { timer.stop() } else { timer.start(context) }
        context.fireChannelWritabilityChanged()
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
extension WriteDeadline: Sendable {}
