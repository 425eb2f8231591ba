import ArgumentParser
import FoundationEssentials
import KeyManagement
import NIOCore

/// The service's address, and the options of the connection to it.
struct ConnectionOptions: ParsableArguments {
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

    func client(
        token: String? = nil, project: String? = nil, approval: String? = nil
    ) throws(Failure) -> APIClient {
        let environment = ProcessInfo.processInfo.environment
        let text = url ?? environment["KMS_URL"] ?? "http://127.0.0.1:8700"
        let seconds = timeout ?? 30
        guard seconds > 0 else { throw Failure(.input, "--timeout has to be at least 1") }
        let address = try ServiceAddress(text, allowsPlaintextNetwork: allowPlaintextNetwork)
        let tls = ClientTLS(
            authorities: ca ?? environment["KMS_CA"],
            certificate: clientCertificate ?? environment["KMS_CLIENT_CERTIFICATE"],
            key: clientKey ?? environment["KMS_CLIENT_KEY"])
        // A TLS flag without effect over plain HTTP is a mistake; a variable may be set for other addresses.
        guard address.isHTTPS || (ca == nil && clientCertificate == nil && clientKey == nil) else {
            throw Failure(.input, "--ca, --client-certificate and --client-key are for https, and \(text) is not")
        }
        return APIClient(
            address: address, tls: address.isHTTPS ? try tls.configuration() : nil, token: token, project: project,
            approval: approval, timeout: .seconds(Int64(seconds)))
    }
}

/// The option `--token-file`.
struct TokenFileOption: ParsableArguments {
    @Option(help: "The file with the bearer token. Else KMS_TOKEN_FILE.")
    var tokenFile: String?

    /// Returns the bearer token; nil if neither option nor variable names a file.
    func token() throws(Failure) -> String? {
        guard let path = tokenFile ?? ProcessInfo.processInfo.environment["KMS_TOKEN_FILE"] else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(.configuration, "the token file \(path) cannot be read")
        }
        let token = (String(validating: data, as: UTF8.self) ?? "").trimmingSuffix { $0.isWhitespace }
        // One of the service's own tokens, or a JSON Web Token of an identity provider.
        let isWebToken = token.split(separator: ".", omittingEmptySubsequences: false).count == 3
        guard BearerToken(presented: token) != nil || (isWebToken && !token.contains { $0.isWhitespace }) else {
            throw Failure(.configuration, "the token file \(path) has no token in it")
        }
        return token
    }
}

extension String {
    fileprivate func trimmingSuffix(while isUnwanted: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, isUnwanted(last) { text.removeLast() }
        return text
    }
}
