import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import NIOSSL

/// HTTP/1.1, behind TLS where that is configured, for somebody whose address and certificate the requests know.
struct APIChannel: ServerChildChannel {
    let http: HTTP1Channel
    let tls: TLS?

    struct TLS: Sendable {
        let settings: TLSSettings
        let context: TLSContext
        let handshakeTimeout: TimeAmount
    }

    struct Value: ServerChildChannelValue {
        let http: HTTP1Channel.Value
        let peer: ConnectionPeer

        var channel: any Channel { http.channel }
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let peer = ConnectionPeer(channel.remoteAddress)
        return channel.eventLoop.makeCompletedFuture {
            guard let tls else { return }
            let server = NIOSSLServerHandler(context: tls.context.current)
            try channel.pipeline.syncOperations.addHandlers([
                server,
                Handshake(server, settings: tls.settings, peer: peer, timeout: tls.handshakeTimeout, logger: logger),
            ])
        }.flatMap {
            http.setup(channel: channel, logger: logger)
        }.flatMapThrowing {
            try RequestHeadRules.add(to: channel)
            return Value(http: $0, peer: peer)
        }
    }

    func handle(value: Value, logger: Logger) async {
        await ConnectionPeer.$current.withValue(value.peer) {
            await http.handle(value: value.http, logger: logger)
        }
    }
}
