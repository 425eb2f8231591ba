internal import FoundationEssentials
internal import KMSClient

/// The endpoints of an issuer, from its discovery document (OpenID Connect Discovery 1.0 §3, RFC 8628 §4).
package struct OIDCProvider: Sendable, Hashable {
    package let issuer: String
    package let authorizationEndpoint: String
    package let tokenEndpoint: String
    /// nil if the issuer does not offer the device flow.
    package let deviceEndpoint: String?
    /// True if the redirect must name the issuer (RFC 9207).
    package let namesItself: Bool

    private struct Document: Decodable {
        let issuer: String
        let authorizationEndpoint: String
        let tokenEndpoint: String
        let deviceAuthorizationEndpoint: String?
        let authorizationResponseIssParameterSupported: Bool?
    }

    /// Reads a discovery document.
    ///
    /// - Parameter issuer: the address that the user named. The document must name the same, apart from a final slash.
    /// - Throws: ``OIDCError/malformedAnswer(_:)``, ``OIDCError/foreignAnswer(_:)``, ``OIDCError/insecureAddress(_:)``
    package init(document: [UInt8], issuer: String) throws(OIDCError) {
        guard let read = try? OIDCJSON.decode(Document.self, document) else {
            throw .malformedAnswer("\(Self.documentAddress(of: issuer)) is not a discovery document")
        }
        guard Self.trimmed(read.issuer) == Self.trimmed(issuer) else {
            throw .foreignAnswer("\(issuer) names itself '\(read.issuer)'")
        }
        let endpoints = [read.authorizationEndpoint, read.tokenEndpoint, read.deviceAuthorizationEndpoint]
        for endpoint in endpoints.compactMap(\.self) { try Self.requireSecure(endpoint) }
        self.issuer = read.issuer
        authorizationEndpoint = read.authorizationEndpoint
        tokenEndpoint = read.tokenEndpoint
        deviceEndpoint = read.deviceAuthorizationEndpoint
        namesItself = read.authorizationResponseIssParameterSupported ?? false
    }

    /// Returns the address of an issuer's discovery document.
    package static func documentAddress(of issuer: String) -> String {
        trimmed(issuer) + "/.well-known/openid-configuration"
    }

    /// Throws unless an address is https, or http on this machine.
    package static func requireSecure(_ address: String) throws(OIDCError) {
        guard let components = URLComponents(string: address), let host = components.host, !host.isEmpty,
            components.user == nil, components.fragment == nil,
            components.scheme == "https" || (components.scheme == "http" && Loopback.isLoopback(host))
        else { throw .insecureAddress(address) }
    }

    private static func trimmed(_ address: String) -> String {
        address.hasSuffix("/") ? String(address.dropLast()) : address
    }
}
