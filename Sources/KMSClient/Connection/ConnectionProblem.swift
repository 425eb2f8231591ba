internal import AsyncHTTPClient
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// The reason why a service cannot be reached, as far as a person can act on it.
public enum ConnectionProblem: Sendable, Hashable {
    /// No program listens at the address.
    case refused
    /// The service did not answer in time.
    case timedOut
    /// The host's name has no address.
    case unknownHost
    /// The network has no route to the host.
    case noRoute
    /// The certificate is not signed by a trusted authority, or has expired.
    case untrustedCertificate
    /// The certificate is for another host.
    case wrongHostName
    /// The address is https, and the program that listens there does not speak TLS.
    case noTLS
    /// The service requires a certificate of the client, or does not accept the one that it got.
    case clientCertificate
    /// TLS failed for another reason.
    case tls
    /// The connection was closed before the answer.
    case closed
    /// The client could not send the request for another reason.
    case other

    /// Classifies an error of the HTTP client or of the network below it.
    package init(_ error: any Error) {
        self =
            switch error {
            case let error as HTTPClientError: Self.problem(error)
            case let error as NIOConnectionError:
                if let first = error.connectionErrors.first { Self(first.error) } else { .unknownHost }
            case let error as IOError: Self.problem(error.errnoCode)
            case is SocketAddressError: .unknownHost
            case let error as NIOSSLExtraError: error == .failedToValidateHostname ? .wrongHostName : .tls
            case is NIOSSLError, is BoringSSLError: Self.problem(ofTLS: "\(error)")
            case is ChannelError: .closed
            default: .other
            }
    }

    private static func problem(_ error: HTTPClientError) -> ConnectionProblem {
        switch error {
        case .deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout, .tlsHandshakeTimeout,
            .getConnectionFromPoolTimeout:
            .timedOut
        case .remoteConnectionClosed, .uncleanShutdown: .closed
        default: .other
        }
    }

    private static func problem(_ code: CInt) -> ConnectionProblem {
        switch code {
        case ECONNREFUSED: .refused
        case ETIMEDOUT: .timedOut
        case EHOSTUNREACH, ENETUNREACH, ENETDOWN, EADDRNOTAVAIL: .noRoute
        case ECONNRESET, EPIPE, ECONNABORTED: .closed
        default: .other
        }
    }

    /// BoringSSL's codes are public only as text.
    private static func problem(ofTLS text: String) -> ConnectionProblem {
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return .untrustedCertificate }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") { return .noTLS }
        if text.contains("ALERT_CERTIFICATE") || text.contains("ALERT_BAD_CERTIFICATE")
            || text.contains("ALERT_UNKNOWN_CA") || text.contains("ALERT_HANDSHAKE_FAILURE")
        {
            return .clientCertificate
        }
        return text.contains("uncleanShutdown") ? .closed : .tls
    }
}

extension ConnectionProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .refused: "nothing listens there"
        case .timedOut: "it did not answer in time"
        case .unknownHost: "its host name is unknown"
        case .noRoute: "the network has no route to it"
        case .untrustedCertificate: "no trusted authority signed its certificate, or the certificate has expired"
        case .wrongHostName: "its certificate is for another host name"
        case .noTLS: "it does not speak TLS"
        case .clientCertificate: "it requires a client certificate that it accepts"
        case .tls: "the TLS handshake failed"
        case .closed: "it closed the connection without an answer"
        case .other: "the connection failed"
        }
    }
}
