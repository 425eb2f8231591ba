import KeyManagement
import NIOCore
import Synchronization

/// The peer of a connection: determined once, and read by each of its requests.
final class ConnectionPeer: Sendable {
    /// The IP address, with an IPv4-mapped IPv6 address as IPv4; nil if there is none.
    let source: String?
    /// The bucket under which the peer's failed attempts are counted.
    let place: FailedAttempts.SourceNetwork?
    private let verified = Mutex<ExternalIdentity?>(nil)

    /// The peer of the connection that the current task serves; nil if there is no connection.
    @TaskLocal static var current: ConnectionPeer?

    init(_ address: SocketAddress?) {
        source = address?.ipAddress.flatMap { text in
            // The zone of a link-local address is removed (RFC 4007 §11), because it has a meaning on this machine only.
            IPAddress(text.split(separator: "%", maxSplits: 1).first.map(String.init) ?? text)?.description
        }
        place = FailedAttempts.SourceNetwork(source)
    }

    /// The identity in the client's certificate; nil before the end of the handshake, and if the certificate names none.
    var identity: ExternalIdentity? { verified.withLock { $0 } }

    func set(_ identity: ExternalIdentity?) {
        verified.withLock { $0 = identity }
    }
}
