import FoundationEssentials
import KMSClient

extension ConnectionOptions {
    /// Returns these options, with the variables in place of those that are not given.
    func withVariables() throws(Failure) -> ConnectionOptions {
        var options = self
        if url == nil { options.url = try ClientVariable.url.value() }
        if ca == nil { options.ca = try ClientVariable.ca.value() }
        if clientCertificate == nil { options.clientCertificate = try ClientVariable.clientCertificate.value() }
        if clientKey == nil { options.clientKey = try ClientVariable.clientKey.value() }
        return options
    }

    /// Returns a context with the values of these options over those of an existing context.
    ///
    /// - Parameters:
    ///   - old: the existing context of that name; nil for a new one.
    ///   - isNamed: true if the operator named the context to change.
    /// - Throws: a ``Failure`` if the address would change although the operator did not name the context.
    func saved(over old: SavedContext?, isNamed: Bool, _ name: ContextName) throws(Failure) -> SavedContext {
        if let old, let url, !old.isFor(url), !isNamed {
            throw Failure(
                .input,
                "the context '\(name)' is for \(old.url), not for \(url); give the other service a context with --name")
        }
        var context = old ?? SavedContext(url: Self.standardURL)
        if let url { context.url = url }
        if let ca { context.ca = absolutePath(ca) }
        guard (clientCertificate == nil) == (clientKey == nil) else {
            throw Failure(.input, "--client-certificate and --client-key go together")
        }
        if let clientCertificate, let clientKey {
            context.clientCertificate = absolutePath(clientCertificate)
            context.clientKey = absolutePath(clientKey)
        }
        if allowPlaintextNetwork { context.allowPlaintextNetwork = true }
        // A context that cannot be used is not saved.
        _ = try context.configuration(timeout: try seconds())
        return context
    }
}

extension SavedContext {
    /// The settings of a client for this context, without a credential.
    func configuration(timeout seconds: Int) throws(Failure) -> KMSClient.Configuration {
        do throws(KMSClientError) {
            let address = try ServiceAddress(url, allowsPlaintextNetwork: allowPlaintextNetwork ?? false)
            var configuration = KMSClient.Configuration(address: address)
            configuration.timeout = .seconds(seconds)
            configuration.tls.authorities = ca
            if let clientCertificate, let clientKey {
                configuration.tls.identity = ClientTLS.Identity(certificate: clientCertificate, key: clientKey)
            }
            return configuration
        } catch {
            throw Failure(error)
        }
    }
}

extension ContextStore {
    /// Returns the named context, else that of `KMS_CONTEXT`, else the current one.
    ///
    /// - Throws: a ``Failure`` if there is none.
    func selected(_ named: ContextName?) throws(Failure) -> ContextName {
        if let named { return named }
        if let variable = try ClientVariable.context.value() { return try ContextName(variable) }
        guard let current = try current() else {
            throw Failure(.notFound, "there is no current context; run 'kms login', or 'kms context use NAME'")
        }
        return current
    }
}

/// Returns the absolute form of a path, because a context is used from any folder.
func absolutePath(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
}
