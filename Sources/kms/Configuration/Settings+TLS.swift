import HTTPServing

extension Settings {
    /// Returns the TLS settings of the service; nil if no certificate is set.
    func tls() throws(Failure) -> TLSSettings? {
        let certificate = try file(.serverTLSCertificate)
        let key = try file(.serverTLSKey)
        let authorities = try file(.serverTLSClientCA)
        let asks = try choice(
            .serverTLSClientCertificates, among: TLSSettings.ClientCertificates.allCases.map(\.rawValue),
            { TLSSettings.ClientCertificates(rawValue: $0) })
        let minimum = try choice(
            .serverTLSMinimum, among: TLSSettings.MinimumVersion.allCases.map(\.rawValue),
            { TLSSettings.MinimumVersion(rawValue: $0) })
        let subject = try choice(
            .serverTLSSubject, among: TLSSettings.SubjectSource.allCases.map(\.rawValue),
            { TLSSettings.SubjectSource(rawValue: $0) })
        guard let certificate, let key else {
            // A partial configuration would serve plain HTTP where the operator expects TLS.
            guard certificate == nil, key == nil, authorities == nil, asks == .none else {
                throw Failure(
                    .configuration,
                    "TLS needs both server.tls-certificate and server.tls-key; one of them is not set")
            }
            return nil
        }
        guard (authorities != nil) == (asks != .none) else {
            throw Failure(
                .configuration,
                "server.tls-client-ca and server.tls-client-certificates (optional or required) go together; set both")
        }
        return TLSSettings(
            certificateChain: certificate, privateKey: key, minimumVersion: minimum, clientAuthorities: authorities,
            clientCertificates: asks, subject: subject)
    }

    /// Returns the path; nil if the setting is empty. Only the service and `config check` test that the file exists, because other commands
    /// may run as users that cannot read the service's key.
    private func file(_ setting: Setting) throws(Failure) -> String? {
        let text = try required(setting).text
        return text.isEmpty ? nil : text
    }
}
