import KeyManagement
import NIOCore
import Synchronization

/// Who is at the other end of a connection: found out once, and read by each of its requests.
final class ConnectionPeer: Sendable {
    /// The IP address; one of IPv4 that is mapped into IPv6 as IPv4. Nil where there is none.
    let source: String?
    /// Whose failed attempts count together with this one's.
    let place: FailedAttempts.Place?
    private let verified = Mutex<ExternalIdentity?>(nil)

    /// The peer of the connection that the current task serves; nil where there is no connection.
    @TaskLocal static var current: ConnectionPeer?

    init(_ address: SocketAddress?) {
        source = address?.ipAddress.flatMap { text in
            // Without the zone of a link-local address (RFC 4007 §11), which is this machine's own word.
            IPAddress(text.split(separator: "%", maxSplits: 1).first.map(String.init) ?? text)?.description
        }
        place = FailedAttempts.Place(source)
    }

    /// Whom the client's certificate names; nil before the handshake's end, and when it names nobody.
    var identity: ExternalIdentity? { verified.withLock { $0 } }

    func set(_ identity: ExternalIdentity?) {
        verified.withLock { $0 = identity }
    }
}
