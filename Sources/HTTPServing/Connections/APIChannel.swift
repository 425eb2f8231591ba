import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import NIOSSL

/// An HTTP/1.1 channel, behind TLS if configured, whose requests know the address and certificate of their peer.
struct APIChannel: ServerChildChannel {
    let http: HTTP1Channel
    let tls: TLS?
    let counts: ConnectionCounts
    /// The time limit for the TLS handshake, and then for the head of the first request.
    let headTimeout: TimeAmount

    struct TLS: Sendable {
        let settings: TLSSettings
        let context: TLSContext
    }

    struct Value: ServerChildChannelValue {
        let http: HTTP1Channel.Value
        let peer: ConnectionPeer

        var channel: any Channel { http.channel }
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let peer = ConnectionPeer(channel.remoteAddress)
        guard counts.enter(peer.place, source: peer.source) else {
            return channel.close().flatMapThrowing { throw ConnectionRefused() }
        }
        channel.closeFuture.whenComplete { _ in counts.leave(peer.place) }
        return channel.eventLoop.makeCompletedFuture {
            if let tls {
                let server = NIOSSLServerHandler(context: tls.context.current)
                try channel.pipeline.syncOperations.addHandlers([
                    server,
                    Handshake(server, settings: tls.settings, peer: peer, timeout: headTimeout, logger: logger),
                ])
            }
            try channel.pipeline.syncOperations.addHandler(
                HeadDeadline(timeout: headTimeout, waitsForHandshake: tls != nil))
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
