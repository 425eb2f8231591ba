import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Answers what is no HTTP, or has too much in its headers, as every other failure is answered: Hummingbird by itself
/// would close with an empty 400.
final class MalformedRequest: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let log: RequestLog
    private var isArriving = false
    private var unanswered = 0

    init(log: RequestLog) {
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isArriving = true
            unanswered += 1
        case .body: break
        case .end: isArriving = false
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { unanswered -= 1 }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Only between requests: in the middle of one, the answer belongs to the route that reads it, or was given
        // already. And whoever has closed the connection waits for none.
        guard !isArriving, unanswered == 0, let error = error as? HTTPParserError, error != .invalidEOFState else {
            return context.fireErrorCaught(error)
        }
        let failure: APIError = error == .headerOverflow ? .headersTooLarge : .malformedHTTP
        let id = RequestID.make()
        let body = Envelope.body(of: failure, requestID: id)
        var headers = Envelope.headers(requestID: id)
        headers[.connection] = "close"
        headers[.contentLength] = String(body.readableBytes)
        context.write(wrapOutboundOut(.head(HTTPResponse(status: failure.status, headerFields: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        // The other half stays open until the client has read the answer, or the idle timeout ends it.
        context.close(mode: .output, promise: nil)
        log.record(malformed: failure, from: ConnectionPeer(context.remoteAddress).place, requestID: id)
    }
}

@available(*, unavailable)
extension MalformedRequest: Sendable {}
