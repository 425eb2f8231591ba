/// How the API speaks TLS.
///
/// The files are read again when they change; an open connection keeps what it began with.
public struct TLSSettings: Hashable, Sendable {
    /// The service's certificate and those that lead from it to its authority, in PEM, in this order.
    public var certificateChain: String
    /// The private key of the first certificate, in PEM.
    public var privateKey: String
    public var minimumVersion: MinimumVersion
    /// The authorities whose client certificates are believed, in PEM. The system's own are never among them.
    public var clientAuthorities: String?
    public var clientCertificates: ClientCertificates
    /// Which part of a client's certificate names its subject.
    public var subject: SubjectSource
    /// Stands before the name of the certificate, so that an authority can name none of the directory's own subjects.
    public var subjectPrefix: String

    public enum MinimumVersion: String, CaseIterable, Sendable {
        case tls12 = "1.2"
        case tls13 = "1.3"
    }

    /// Whether a client is asked for a certificate.
    public enum ClientCertificates: String, CaseIterable, Sendable {
        case none
        /// Goes on without one. One that is shown has to be valid.
        case optional
        case required
    }

    public enum SubjectSource: String, CaseIterable, Sendable {
        case commonName = "common-name"
        case sanEmail = "san-email"
        case sanURI = "san-uri"
        case sanDNS = "san-dns"
    }

    public init(
        certificateChain: String, privateKey: String, minimumVersion: MinimumVersion = .tls13,
        clientAuthorities: String? = nil, clientCertificates: ClientCertificates = .none,
        subject: SubjectSource = .commonName, subjectPrefix: String = "cert:"
    ) {
        self.certificateChain = certificateChain
        self.privateKey = privateKey
        self.minimumVersion = minimumVersion
        self.clientAuthorities = clientAuthorities
        self.clientCertificates = clientCertificates
        self.subject = subject
        self.subjectPrefix = subjectPrefix
    }
}
