import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Answers input that is not HTTP, or whose headers are too large, in the form of every other failure. Hummingbird would close with an
/// empty 400.
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
        // Only between requests. Within a request, the route that reads it answers, or has answered already. A client that has closed the
        // connection expects no answer.
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
        // The input half stays open until the client has read the answer, or the idle timeout ends it.
        context.close(mode: .output, promise: nil)
        log.record(malformed: failure, from: ConnectionPeer(context.remoteAddress).place, requestID: id)
    }
}

@available(*, unavailable)
extension MalformedRequest: Sendable {}
