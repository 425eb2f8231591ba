import HTTPServing

extension Configuration {
    /// Reads the limits of connections: their number and their timeouts.
    static func readConnectionLimits(_ settings: Settings, into api: inout APIConfiguration) throws(Failure) {
        if try settings.required(.serverMaxConnectionsPerSource).text != "auto" {
            api.maxConnectionsPerSource = try settings.number(.serverMaxConnectionsPerSource, in: 1...100_000)
        }
        api.headTimeout = try settings.duration(.serverHeaderTimeout)
        api.readTimeout = try settings.duration(.serverBodyTimeout)
        api.idleTimeout = try settings.duration(.serverIdleTimeout)
    }

    /// Returns the listener of the health routes: `HOST:PORT`, an IPv6 address in brackets; nil if the setting is empty.
    static func health(_ settings: Settings) throws(Failure) -> HealthConfiguration? {
        let entry = try settings.required(.healthListen)
        guard !entry.text.isEmpty else { return nil }
        guard let colon = entry.text.lastIndex(of: ":"),
            let port = Int(entry.text[entry.text.index(after: colon)...]), (0...65535).contains(port),
            let host = host(entry.text[..<colon])
        else {
            throw Failure(
                .configuration,
                "\(Setting.healthListen.rawValue) (\(entry.origin)) is '\(entry.text)'; it has to be HOST:PORT, such as "
                    + "127.0.0.1:8701 or [::1]:8701, or empty")
        }
        return HealthConfiguration(host: host, port: port)
    }

    /// Returns a host without the brackets that an IPv6 address requires; nil if the text is not a host.
    private static func host(_ text: Substring) -> String? {
        if text.hasPrefix("["), text.hasSuffix("]") {
            let address = text.dropFirst().dropLast()
            return address.contains(":") ? String(address) : nil
        }
        return text.isEmpty || text.contains(":") ? nil : String(text)
    }
}
