import FoundationEssentials

/// The address of a service: `http://host:port` or `https://host:port`, with an optional path in front of the API.
struct ServiceAddress {
    /// The address without a trailing slash.
    let base: String
    let isHTTPS: Bool

    init(_ text: String, allowsPlaintextNetwork: Bool) throws(Failure) {
        guard let components = URLComponents(string: text), let host = components.host, !host.isEmpty,
            let scheme = components.scheme, scheme == "http" || scheme == "https",
            components.query == nil, components.fragment == nil, components.user == nil
        else {
            throw Failure(
                .configuration, "'\(text)' is no address of a service; it is http://HOST:PORT or https://HOST:PORT")
        }
        guard scheme == "https" || Loopback.isLoopback(host) || allowsPlaintextNetwork else {
            throw Failure(
                .configuration,
                "\(text) is plain HTTP to another host: the token and keys could be read on the way. Use https, or say "
                    + "--allow-plaintext-network")
        }
        isHTTPS = scheme == "https"
        base = text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
