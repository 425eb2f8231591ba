import ArgumentParser
import FoundationEssentials
import KMSClient
import KeyManagement

/// The service's address, and the options of the connection to it.
struct ConnectionOptions: ServiceOptions {
    @Option(help: "The service's address. Else KMS_URL, else http://127.0.0.1:8700.")
    var url: String?

    @Option(help: "How many seconds an answer may take; else 30.")
    var timeout: Int?

    @Option(help: "The file with the authorities that are believed for https, in PEM. Else KMS_CA, else the system's.")
    var ca: String?

    @Option(help: "The file with the client's certificate and chain, in PEM. Else KMS_CLIENT_CERTIFICATE.")
    var clientCertificate: String?

    @Option(help: "The file with the key of the client's certificate, in PEM. Else KMS_CLIENT_KEY.")
    var clientKey: String?

    @Flag(help: "Send the token over plain HTTP to a host that is not this one.")
    var allowPlaintextNetwork = false

    /// True if none of the options is given.
    var isUnused: Bool {
        url == nil && timeout == nil && ca == nil && clientCertificate == nil && clientKey == nil
            && !allowPlaintextNetwork
    }

    func configuration() throws(Failure) -> KMSClient.Configuration { try configuration(credential: nil) }

    func configuration(
        credential: ClientCredential?, project: String? = nil
    ) throws(Failure) -> KMSClient.Configuration {
        let environment = ProcessInfo.processInfo.environment
        let seconds = timeout ?? 30
        guard seconds > 0 else { throw Failure(.input, "--timeout has to be at least 1") }
        let address = try address(url ?? environment["KMS_URL"] ?? "http://127.0.0.1:8700")
        var configuration = KMSClient.Configuration(address: address, credential: credential, project: project)
        configuration.timeout = .seconds(seconds)
        if address.isHTTPS { configuration.tls = try tls(environment) }
        return configuration
    }

    private func address(_ text: String) throws(Failure) -> ServiceAddress {
        let address: ServiceAddress
        do throws(KMSClientError) {
            address = try ServiceAddress(text, allowsPlaintextNetwork: allowPlaintextNetwork)
        } catch {
            throw Failure(error)
        }
        // A TLS flag without effect over plain HTTP is a mistake; a variable may be set for other addresses.
        guard address.isHTTPS || (ca == nil && clientCertificate == nil && clientKey == nil) else {
            throw Failure(.input, "--ca, --client-certificate and --client-key are for https, and \(text) is not")
        }
        return address
    }

    private func tls(_ environment: [String: String]) throws(Failure) -> ClientTLS {
        let certificate = clientCertificate ?? environment["KMS_CLIENT_CERTIFICATE"]
        let key = clientKey ?? environment["KMS_CLIENT_KEY"]
        let authorities = ca ?? environment["KMS_CA"]
        switch (certificate, key) {
        case (nil, nil): return ClientTLS(authorities: authorities)
        case (let certificate?, let key?):
            return ClientTLS(authorities: authorities, identity: .init(certificate: certificate, key: key))
        default: throw Failure(.input, "--client-certificate and --client-key go together")
        }
    }
}

/// The option `--token-file`.
struct TokenFileOption: ParsableArguments {
    @Option(help: "The file with the bearer token. Else KMS_TOKEN_FILE.")
    var tokenFile: String?

    /// Returns the bearer token; nil if neither option nor variable names a file.
    func credential() throws(Failure) -> ClientCredential? {
        guard let path = tokenFile ?? ProcessInfo.processInfo.environment["KMS_TOKEN_FILE"] else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(.configuration, "the token file \(path) cannot be read")
        }
        let token = (String(validating: data, as: UTF8.self) ?? "").trimmingSuffix { $0.isWhitespace }
        // One of the service's own tokens, or a JSON Web Token of an identity provider.
        let isWebToken = token.split(separator: ".", omittingEmptySubsequences: false).count == 3
        guard BearerToken(presented: token) != nil || (isWebToken && !token.contains { $0.isWhitespace }),
            let credential = try? ClientCredential(token: token)
        else { throw Failure(.configuration, "the token file \(path) has no token in it") }
        return credential
    }
}

extension String {
    fileprivate func trimmingSuffix(while isUnwanted: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, isUnwanted(last) { text.removeLast() }
        return text
    }
}
