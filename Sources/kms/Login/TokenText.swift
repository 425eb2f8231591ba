import FoundationEssentials
import KMSClient
import KeyManagement

/// The text of a bearer token: a token of the service, or a JSON Web Token of an identity provider.
enum TokenText {
    /// Reads the content of a token file. White space at the end is ignored.
    ///
    /// - Parameter name: the operator's name for the file or the stream.
    static func read(_ bytes: some Collection<UInt8>, in name: String) throws(Failure) -> String {
        var text = String(validating: bytes, as: UTF8.self) ?? ""
        while let last = text.last, last.isWhitespace { text.removeLast() }
        guard !text.isEmpty || !bytes.isEmpty else {
            throw Failure(.configuration, "\(name) is empty; it must contain a bearer token")
        }
        guard !text.hasPrefix("-----BEGIN ") else {
            throw Failure(
                .configuration, "\(name) contains PEM, such as a certificate or a key, and not a bearer token")
        }
        let isWebToken = text.split(separator: ".", omittingEmptySubsequences: false).count == 3
        guard BearerToken(presented: text) != nil || (isWebToken && !text.contains { $0.isWhitespace }) else {
            throw Failure(
                .configuration,
                "\(name) does not contain a bearer token, which begins with 'kms_' or is a JSON Web Token")
        }
        return text
    }

    static func credential(_ bytes: some Collection<UInt8>, in name: String) throws(Failure) -> ClientCredential {
        let text = try read(bytes, in: name)
        guard let credential = try? ClientCredential(token: text) else {
            throw Failure(.configuration, "\(name) has characters that no bearer token has")
        }
        return credential
    }
}
