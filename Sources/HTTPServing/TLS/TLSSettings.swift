/// The TLS settings of the API.
///
/// Changed files are read again; open connections keep their certificates.
package struct TLSSettings: Hashable, Sendable {
    /// The path of the service's certificate and of those that lead to its authority, in PEM, in this order.
    package var certificateChain: String
    /// The path of the first certificate's private key, in PEM.
    package var privateKey: String
    package var minimumVersion: MinimumVersion
    /// The path of the authorities whose client certificates are accepted, in PEM. The system's own authorities are never included.
    package var clientAuthorities: String?
    package var clientCertificates: ClientCertificates
    /// The part of a client's certificate that names its subject.
    package var subject: SubjectSource
    /// The prefix of every name from a certificate, so that an authority cannot name the directory's own subjects.
    package var subjectPrefix: String

    package enum MinimumVersion: String, CaseIterable, Sendable {
        case tls12 = "1.2"
        case tls13 = "1.3"
    }

    /// The request for a client certificate during the handshake.
    package enum ClientCertificates: String, CaseIterable, Sendable {
        case none
        /// The connection continues without one. A certificate that is presented must be valid.
        case optional
        case required
    }

    package enum SubjectSource: String, CaseIterable, Sendable {
        case commonName = "common-name"
        case sanEmail = "san-email"
        case sanURI = "san-uri"
        case sanDNS = "san-dns"
    }

    package init(
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
