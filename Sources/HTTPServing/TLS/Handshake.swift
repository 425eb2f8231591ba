import KeyManagement
import Logging
import NIOCore
import NIOSSL
import NIOTLS

/// Follows the TLS handler of a connection. It closes the connection if the handshake takes too long, and records the identity in the
/// client's certificate when the handshake ends.
final class Handshake: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let server: NIOSSLServerHandler
    private let settings: TLSSettings
    private let peer: ConnectionPeer
    private let logger: Logger
    private var timer: ClosingTimer
    private var isOver = false

    init(
        _ server: NIOSSLServerHandler, settings: TLSSettings, peer: ConnectionPeer, timeout: TimeAmount, logger: Logger
    ) {
        self.server = server
        self.settings = settings
        self.peer = peer
        self.logger = logger
        timer = ClosingTimer(timeout: timeout)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if !isOver { timer.start(context) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            isOver = true
            timer.stop()
            if settings.clientCertificates != .none { peer.set(identity) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // There is no request yet, so nothing else reports the error.
        if !isOver {
            logger.debug(
                "a TLS handshake failed", metadata: ["source": "\(peer.source ?? "-")", "detail": "\(error)"])
        }
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer.stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer.stop()
    }

    /// The identity in the certificate. BoringSSL has verified its chain, without which the handshake does not complete.
    private var identity: ExternalIdentity? {
        guard let der = try? server.peerCertificate?.toDERBytes(), let certificate = try? ClientCertificate(der: der)
        else {
            return nil
        }
        return certificate.identity(by: settings.subject, prefix: settings.subjectPrefix)
    }
}

@available(*, unavailable)
extension Handshake: Sendable {}
