import NIOSSL

/// The authorities that a client trusts, and the certificate by which it identifies itself.
struct ClientTLS {
    /// The files, in PEM.
    let authorities: String?
    let certificate: String?
    let key: String?

    func configuration() throws(Failure) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let authorities {
            configuration.trustRoots = .certificates(try certificates(authorities, "--ca"))
        }
        switch (certificate, key) {
        case (nil, nil): break
        case (let certificate?, let key?):
            configuration.certificateChain = try certificates(certificate, "--client-certificate")
                .map { .certificate($0) }
            do {
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
            } catch {
                throw Failure(.configuration, "--client-key: \(key) has no private key in PEM that can be read")
            }
        default: throw Failure(.input, "--client-certificate and --client-key go together")
        }
        return configuration
    }

    private func certificates(_ file: String, _ flag: String) throws(Failure) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(file), !certificates.isEmpty else {
            throw Failure(.configuration, "\(flag): \(file) has no certificate in PEM that can be read")
        }
        return certificates
    }
}
