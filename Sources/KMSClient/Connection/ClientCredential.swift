import FoundationEssentials

/// A bearer token. It prints as redacted.
public struct ClientCredential: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let token: String

    /// Creates a credential.
    ///
    /// - Parameter token: a token of the service, or a JSON Web Token of an identity provider that the service trusts.
    /// - Throws: ``KMSClientError/invalidCredential`` if the token is empty or has other bytes than visible ASCII.
    public init(token: String) throws(KMSClientError) {
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .invalidCredential }
        self.token = token
    }

    /// Reads a credential from a file, such as a secret that Kubernetes or systemd has mounted. White space at the end is ignored.
    ///
    /// - Throws: ``KMSClientError/invalidCredential``
    public init(file path: String) throws(KMSClientError) {
        guard let data = FileManager.default.contents(atPath: path),
            var text = String(validating: data, as: UTF8.self)
        else { throw .invalidCredential }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        try self.init(token: text)
    }

    public var description: String { "<bearer token>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
