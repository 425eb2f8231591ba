import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request takes too long to arrive: a body sent byte by byte, or one that never ends, even if no handler reads
/// it. Until the end of the headers, ``HeadDeadline`` applies; this handler reports heads and ends to it.
///
/// A request that arrives in one piece never sets the timer.
final class ReadDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart

    private var timer: ClosingTimer
    private var isArriving = false
    private var head: HeadDeadline?

    init(timeout: TimeAmount) {
        timer = ClosingTimer(timeout: timeout)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        head = try? context.pipeline.syncOperations.handler(type: HeadDeadline.self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isArriving = true
            head?.headArrived()
        case .body: break
        case .end:
            stop()
            head?.requestArrived()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isArriving { timer.start(context) }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stop()
        head = nil
    }

    private func stop() {
        isArriving = false
        timer.stop()
    }
}

@available(*, unavailable)
extension ReadDeadline: Sendable {}
