import FoundationEssentials

/// The address of a service: `http://host:port` or `https://host:port`, with an optional path in front of the API.
public struct ServiceAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address without a trailing slash.
    public let base: String
    public let isHTTPS: Bool

    /// Reads an address.
    ///
    /// - Parameters:
    ///   - text: the address, such as `https://kms.example.com:8443`.
    ///   - allowsPlaintextNetwork: true to accept plain HTTP to another host. Credentials and keys can then be read on the way.
    /// - Throws: ``KMSClientError/invalidAddress(_:)``, ``KMSClientError/plaintextNetwork(_:)``
    public init(_ text: String, allowsPlaintextNetwork: Bool = false) throws(KMSClientError) {
        guard let components = URLComponents(string: text), let host = components.host, !host.isEmpty,
            let scheme = components.scheme, scheme == "http" || scheme == "https",
            components.query == nil, components.fragment == nil, components.user == nil
        else { throw .invalidAddress(text) }
        guard scheme == "https" || Loopback.isLoopback(host) || allowsPlaintextNetwork else {
            throw .plaintextNetwork(text)
        }
        isHTTPS = scheme == "https"
        base = text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    public var description: String { base }
}
