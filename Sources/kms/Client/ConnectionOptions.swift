import ArgumentParser
import FoundationEssentials
import KMSClient

/// The service's address, and the options of the connection to it.
struct ConnectionOptions: ServiceOptions {
    @Option(help: "The service's address [KMS_URL, the context, or http://127.0.0.1:8700].")
    var url: String?

    @Option(help: "The seconds that an answer may take [30].")
    var timeout: Int?

    @Option(
        help: "A PEM file with the authorities to trust for https [KMS_CA, the context, or the system's].",
        completion: .file())
    var ca: String?

    @Option(
        help: "A PEM file with the client's certificate and chain [KMS_CLIENT_CERTIFICATE, or the context].",
        completion: .file())
    var clientCertificate: String?

    @Option(
        help: "A PEM file with the key of the client's certificate [KMS_CLIENT_KEY, or the context].",
        completion: .file())
    var clientKey: String?

    @Flag(help: "Send the token over plain HTTP to another machine.")
    var allowPlaintextNetwork = false

    var connection: ConnectionOptions { self }

    /// True if none of the options is given.
    var isUnused: Bool {
        url == nil && timeout == nil && ca == nil && clientCertificate == nil && clientKey == nil
            && !allowPlaintextNetwork
    }

    func selection() throws(Failure) -> ClientSelection { try selection(credential: nil, project: nil) }

    /// Selects the service, the credential and the project.
    ///
    /// - Parameters:
    ///   - credential: the option of the token; nil for requests without a credential.
    ///   - project: the option of the project; nil for requests that concern no project.
    func selection(credential: TokenFileOption?, project: ProjectOption?) throws(Failure) -> ClientSelection {
        let named: String? = if let url { url } else { try ClientVariable.url.value() }
        let context = try ActiveContext.select(for: named)
        let address = try address(named ?? context?.saved.url ?? Self.standardURL, context?.saved)
        var selection = ClientSelection(KMSClient.Configuration(address: address))
        selection.configuration.timeout = .seconds(try seconds())
        if address.isHTTPS { selection.configuration.tls = try tls(context?.saved) }
        if let project { selection.configuration.project = try project.name() ?? context?.saved.project }
        if let credential {
            selection.configuration.credential = try credential.credential()
            if selection.configuration.credential == nil, let context { try selection.useCredential(of: context) }
        }
        return selection
    }

    static let standardURL = "http://127.0.0.1:8700"

    func seconds() throws(Failure) -> Int {
        let seconds = timeout ?? 30
        guard seconds > 0 else { throw Failure(.input, "--timeout must be at least 1") }
        return seconds
    }

    private func address(_ text: String, _ context: SavedContext?) throws(Failure) -> ServiceAddress {
        let address: ServiceAddress
        do throws(KMSClientError) {
            address = try ServiceAddress(
                text, allowsPlaintextNetwork: allowPlaintextNetwork || context?.allowPlaintextNetwork ?? false)
        } catch {
            throw Failure(error)
        }
        // A TLS flag without effect over plain HTTP is a mistake; a variable may be set for other addresses.
        guard address.isHTTPS || (ca == nil && clientCertificate == nil && clientKey == nil) else {
            throw Failure(.input, "--ca, --client-certificate and --client-key require https, and \(text) is http")
        }
        return address
    }

    private func tls(_ context: SavedContext?) throws(Failure) -> ClientTLS {
        let authorities: String? = if let ca { ca } else { try ClientVariable.ca.value() ?? context?.ca }
        let certificate: String? =
            if let clientCertificate { clientCertificate } else { try ClientVariable.clientCertificate.value() }
        let key: String? = if let clientKey { clientKey } else { try ClientVariable.clientKey.value() }
        switch (certificate, key) {
        case (nil, nil):
            guard let certificate = context?.clientCertificate, let key = context?.clientKey else {
                return ClientTLS(authorities: authorities)
            }
            return ClientTLS(authorities: authorities, identity: .init(certificate: certificate, key: key))
        case (let certificate?, let key?):
            return ClientTLS(authorities: authorities, identity: .init(certificate: certificate, key: key))
        default: throw Failure(.input, "--client-certificate and --client-key go together")
        }
    }
}

/// The option `--token-file`.
struct TokenFileOption: ParsableArguments {
    @Option(help: "The file with the bearer token [KMS_TOKEN_FILE, or the login of the context].", completion: .file())
    var tokenFile: String?

    /// Returns the bearer token; nil if neither option nor variable names a file.
    func credential() throws(Failure) -> ClientCredential? {
        let named: String? = if let tokenFile { tokenFile } else { try ClientVariable.tokenFile.value() }
        guard let named else { return nil }
        return try TokenText.credential(try Self.bytes(of: named), in: "the token file \(named)")
    }

    /// Reads a token file. One that cannot be read is an error of the configuration.
    static func bytes(of path: String) throws(Failure) -> [UInt8] {
        do throws(Failure) {
            return try InputFile.read(path, atMost: 65536, "token file")
        } catch {
            throw Failure(.configuration, "the token file \(error)")
        }
    }
}
