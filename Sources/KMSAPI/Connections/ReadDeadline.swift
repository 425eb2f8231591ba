import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request takes too long to arrive: a body sent byte by byte, or one that never ends, whether
/// anybody still reads it or not. The time before the end of the headers is the idle timeout's.
///
/// A request that arrives in one piece never sets the timer.
final class ReadDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart

    private let timeout: TimeAmount
    private var isArriving = false
    private var timer: Scheduled<Void>?

    init(timeout: TimeAmount) {
        self.timeout = timeout
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: isArriving = true
        case .body: break
        case .end: stop()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isArriving, timer == nil {
            timer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { context.close(promise: nil) }
        }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stop()
    }

    private func stop() {
        isArriving = false
        timer?.cancel()
        timer = nil
    }
}

@available(*, unavailable)
extension ReadDeadline: Sendable {}
