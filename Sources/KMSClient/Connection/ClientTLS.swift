package import NIOSSL

/// The authorities that a client trusts, and the certificate by which it identifies itself.
public struct ClientTLS: Sendable, Hashable {
    /// The client's certificate and its key.
    public struct Identity: Sendable, Hashable {
        /// The file with the certificate and its chain, in PEM.
        public var certificate: String
        /// The file with the private key, in PEM.
        public var key: String

        public init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// The purpose of a file, for errors.
    public enum File: Sendable, Hashable {
        case authorities
        case certificate
        case key
    }

    /// The file with the trusted authorities, in PEM; nil for those of the system.
    public var authorities: String?
    public var identity: Identity?

    public init(authorities: String? = nil, identity: Identity? = nil) {
        self.authorities = authorities
        self.identity = identity
    }

    /// Reads the files. TLS 1.2 is the minimum.
    package func configuration() throws(KMSClientError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let authorities {
            configuration.trustRoots = .certificates(try Self.certificates(authorities, .authorities))
        }
        if let identity {
            configuration.certificateChain = try Self.certificates(identity.certificate, .certificate)
                .map { .certificate($0) }
            do {
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: identity.key, format: .pem))
            } catch {
                throw .unreadableTLSFile(.key, path: identity.key)
            }
        }
        return configuration
    }

    private static func certificates(_ path: String, _ file: File) throws(KMSClientError) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
            throw .unreadableTLSFile(file, path: path)
        }
        return certificates
    }
}
